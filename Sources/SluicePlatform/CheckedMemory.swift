#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory for a large buffer, or for one whose size an input decides. A failed allocation is reported to the caller; Swift's
/// own would end the process.
package struct CheckedMemory: ~Copyable {
    /// The first of ``count`` bytes, which this object owns, aligned for any type.
    package private(set) var base = CheckedMemory.nothing
    package private(set) var count = 0

    /// Bytes that can be read from ``base`` before any memory is allocated: enough for the padding of any buffer.
    private static var readableWhenEmpty: Int { 64 }

    /// The address used before any memory is allocated. It is never written to.
    nonisolated(unsafe) private static let nothing = {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: readableWhenEmpty, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: readableWhenEmpty)
        return memory
    }()

    /// Creates an object without memory.
    package init() {}

    deinit { if count > 0 { free(base) } }

    /// Replaces the memory by `count` bytes of zeros and frees the old memory.
    ///
    /// - Returns: False, with nothing changed, if there is not enough memory.
    package mutating func replace(by count: Int) -> Bool { grow(to: count, keeping: 0) }

    /// Replaces the memory by `count` bytes: a copy of the first `kept`, then zeros.
    ///
    /// - Returns: False, with nothing changed, if there is not enough memory or what is left would be too little for small
    ///   objects.
    package mutating func grow(to count: Int, keeping kept: Int) -> Bool {
        guard count > 0, count >= kept, let larger = calloc(count, 1) else { return false }
        guard System.hasMemory(for: 0) else {
            free(larger)
            return false
        }
        larger.copyMemory(from: base, byteCount: kept)
        if self.count > 0 { free(base) }
        (base, self.count) = (larger, count)
        return true
    }
}

/// Checks the memory that a library allocates by itself.
package struct LibraryMemory {
    private var size = 0

    package init() {}

    /// Returns whether enough memory is left for small objects. Asks the system only if the library holds another amount
    /// than at the last call.
    package mutating func leavesEnough(holding size: Int) -> Bool {
        if size == self.size { return true }
        self.size = size
        return System.hasMemory(for: 0)
    }
}
