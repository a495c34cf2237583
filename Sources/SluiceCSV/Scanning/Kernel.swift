import CSluiceKernels

/// The byte kernels for one instruction set.
///
/// All kernels give the same results; they differ in speed. The best one that the processor can run is ``Kernel/best``.
/// Tests and the command's `SLUICE_KERNEL` choose others.
@safe public struct Kernel: Sendable {
    /// A table of function pointers with static lifetime, never written after start-up. Its functions read and write only the
    /// ranges that they are given, as sluice_kernels.h states; the methods below pass whole views.
    nonisolated(unsafe) let functions: UnsafePointer<sluice_kernel>

    /// The instruction set: `avx512`, `avx2`, `sse2`, `neon` or `portable`.
    public var name: String { unsafe String(cString: functions.pointee.name) }

    /// The kernels that this processor can run, fastest first. The last is always `portable`.
    public static let available: [Kernel] = (0..<sluice_kernel_count()).compactMap { position in
        unsafe sluice_kernel_at(position).map { unsafe Kernel(functions: $0) }
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
    public static func == (left: Kernel, right: Kernel) -> Bool { unsafe left.functions == right.functions }
}

extension Kernel {
    /// Returns whether the bytes are well-formed UTF-8.
    package func isUTF8(_ bytes: ByteView) -> Bool {
        unsafe functions.pointee.is_utf8(bytes.base, bytes.count) != 0
    }

    /// Counts the records of the bytes from the first on, as long as each has `width` fields; see sluice_kernels.h.
    func countRecords(_ bytes: ByteView, dialect: sluice_dialect, width: Int) -> sluice_count {
        var found = sluice_count()
        unsafe functions.pointee.count_records(bytes.base, bytes.count, dialect, width, &found)
        return found
    }

    /// Returns how many lines end in the bytes: at LF, CR LF and, if it ends records, CR; also inside quotes. `next` is the
    /// byte after them, nil at the end of the input.
    package func lineEnds(_ bytes: ByteView, next: UInt8?, dialect: Dialect) -> Int {
        unsafe functions.pointee.count_lines(bytes.base, bytes.count, next.map(Int32.init) ?? -1, dialect.forKernel)
    }

    /// Returns words with a bit for each byte that a JSON string must escape, and one word more without any, which
    /// ``WriteEscaped`` may read.
    package func escapeMarks(in bytes: ByteView) -> [UInt64] { stringMarks(in: bytes).words }

    /// Returns the same, and whether all bytes are ASCII.
    package func stringMarks(in bytes: ByteView) -> (words: [UInt64], isASCII: Bool) {
        let size = (bytes.count + 63) / 64
        var isASCII = true
        let words = unsafe [UInt64](unsafeUninitializedCapacity: size + 1) { masks, count in
            // The kernel writes all of the words.
            if let base = masks.baseAddress {
                isASCII = unsafe functions.pointee.mark_escapes(bytes.base, bytes.count, base) == 0
            }
            unsafe masks[size] = 0
            count = size + 1
        }
        return (words, isASCII)
    }

    /// Writes bytes as the inside of a JSON string. Returns the place after the output, or nil if a byte needs more than a
    /// backslash and a letter.
    ///
    /// The arguments in order: the bytes, readable for 31 more; their count; words with a bit for each byte to escape, readable
    /// for one word more; the number of the first byte's bit; 1 if a marked quote is the second of two, else 0; and the target,
    /// with room for the result and ``escapeSlack`` bytes more.
    package typealias WriteEscaped =
        @convention(c) (
            UnsafePointer<UInt8>?, Int, UnsafePointer<UInt64>?, Int, Int32, UnsafeMutablePointer<UInt8>?
        ) -> UnsafeMutablePointer<UInt8>?

    package static let escapeSlack = 64

    /// The kernel's escaping function, or nil if the instruction set does not help.
    package var writeEscaped: WriteEscaped? { unsafe functions.pointee.write_escaped }

    /// Writes records of an index as rows, from the place in its second argument on, and advances that place. It writes only
    /// between the target and the end of the room there, and ``SLUICE_ROW_SLACK`` bytes after that.
    package typealias WriteRows =
        @convention(c) (UnsafePointer<sluice_row_format>?, UnsafeMutablePointer<sluice_rows>?) -> sluice_rows_stop

    package var writeRows: WriteRows { unsafe functions.pointee.write_rows }

    /// Writes records of an index as rows of the members in its second argument, or only checks them: otherwise like
    /// ``WriteRows``.
    package typealias WriteMembers =
        @convention(c) (
            UnsafePointer<sluice_row_format>?, UnsafePointer<sluice_members>?, UnsafeMutablePointer<sluice_rows>?
        ) -> sluice_rows_stop

    package var writeMembers: WriteMembers { unsafe functions.pointee.write_members }
    package var checkMembers: WriteMembers { unsafe functions.pointee.check_members }

    /// Adds records of an index to a profile, from the place in its second argument on, and advances that place.
    package typealias ProfileRows =
        @convention(c) (UnsafeMutablePointer<sluice_profile>?, UnsafeMutablePointer<sluice_profile_place>?) -> Int32

    package var profileRows: ProfileRows { unsafe functions.pointee.profile_rows }

    /// Writes one value. The arguments in order: the format, the place whose index has the value, the offset of its field, the
    /// field's entry, and the target. Returns the place after the value.
    package typealias WriteValue =
        @convention(c) (
            UnsafePointer<sluice_row_format>?, UnsafeMutablePointer<sluice_rows>?, Int, UInt32,
            UnsafeMutablePointer<UInt8>?
        ) -> UnsafeMutablePointer<UInt8>?

    package var writeValue: WriteValue { unsafe functions.pointee.write_value }
}

extension Dialect {
    /// The quote, or without quotes a byte that no well-formed text has. Kernels then misunderstand only records that are read
    /// byte by byte in any case.
    package var kernelQuote: UInt8 { usesQuotes ? quote : 0xFF }

    var forKernel: sluice_dialect {
        let bareCRCode =
            switch bareCR {
            case .error: SLUICE_CR_VIOLATION
            case .newline: SLUICE_CR_NEWLINE
            case .data: SLUICE_CR_DATA
            }
        return sluice_dialect(delimiter: delimiter, quote: kernelQuote, bare_cr: UInt8(bareCRCode))
    }
}
