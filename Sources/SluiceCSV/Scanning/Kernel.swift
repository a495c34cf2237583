import CSluiceKernels

/// The byte kernels for one instruction set.
///
/// All kernels give the same results; they differ in speed. The best one that the processor can run is ``Kernel/best``.
/// Tests and the command's `SLUICE_KERNEL` choose others.
public struct Kernel: Sendable {
    /// A table of function pointers with static lifetime, never written after start-up.
    nonisolated(unsafe) let functions: UnsafePointer<sluice_kernel>

    /// The instruction set: `avx512`, `avx2`, `sse2`, `neon` or `portable`.
    public var name: String { String(cString: functions.pointee.name) }

    /// The kernels that this processor can run, fastest first. The last is always `portable`.
    public static let available: [Kernel] = (0..<sluice_kernel_count()).compactMap { position in
        sluice_kernel_at(position).map(Kernel.init(functions:))
    }

    /// The fastest kernel that this processor can run.
    public static let best = available[0]

    /// Returns the kernel with that name, or nil if this processor cannot run it.
    public static func named(_ name: String) -> Kernel? {
        available.first { $0.name == name }
    }
}

extension Kernel: Equatable {
    /// Returns whether both are the same kernel.
    public static func == (left: Kernel, right: Kernel) -> Bool { left.functions == right.functions }
}

extension Kernel {
    /// Returns whether the bytes are well-formed UTF-8.
    package func isUTF8(_ bytes: UnsafePointer<UInt8>, count: Int) -> Bool {
        functions.pointee.is_utf8(bytes, count) != 0
    }

    /// Returns how many lines end in the bytes: at LF, CR LF and, if it ends records, CR; also inside quotes. `next` is the
    /// byte after them, nil at the end of the input.
    package func lineEnds(_ bytes: UnsafePointer<UInt8>, count: Int, next: UInt8?, dialect: Dialect) -> Int {
        functions.pointee.count_lines(bytes, count, next.map(Int32.init) ?? -1, dialect.forKernel)
    }

    /// Sets a bit of `masks`, which has `(count + 63) / 64` words, for each byte that a JSON string must escape.
    package func findEscapes(_ bytes: UnsafePointer<UInt8>, count: Int, masks: UnsafeMutablePointer<UInt64>) {
        functions.pointee.escapes(bytes, count, masks)
    }

    /// Writes bytes as the inside of a JSON string. Returns the place after the output, or nil if a byte needs more than a
    /// backslash and a letter.
    ///
    /// The arguments in order: the bytes, readable for 31 more; their count; words with a bit for each byte to escape, readable
    /// for one word more; the number of the first byte's bit; 1 if a marked quote is the second of two, else 0; and the target,
    /// with room for the result and ``escapeSlack`` bytes more.
    package typealias Escape =
        @convention(c) (
            UnsafePointer<UInt8>?, Int, UnsafePointer<UInt64>?, Int, Int32, UnsafeMutablePointer<UInt8>?
        ) -> UnsafeMutablePointer<UInt8>?

    package static let escapeSlack = 64

    /// The kernel's escaping function, or nil if the instruction set does not help.
    package var escape: Escape? { functions.pointee.escape }
}

extension Dialect {
    var forKernel: sluice_dialect {
        let bareCRCode =
            switch bareCR {
            case .error: SLUICE_CR_VIOLATION
            case .newline: SLUICE_CR_NEWLINE
            case .data: SLUICE_CR_DATA
            }
        return sluice_dialect(delimiter: delimiter, quote: quote, bare_cr: UInt8(bareCRCode))
    }
}
