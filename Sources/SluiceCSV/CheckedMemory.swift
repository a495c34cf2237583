internal import SluiceSystem

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory for a large buffer, or for one whose size an input decides: that there is none is an answer, where Swift's own
/// allocation ends the process.
package struct CheckedMemory: ~Copyable {
    /// The first of ``count`` bytes that this object owns, aligned for any type.
    package private(set) var base = CheckedMemory.nothing
    package private(set) var count = 0

    /// Where there is no memory yet: an address from which a window's padding can be read. Nobody writes to it.
    nonisolated(unsafe) private static let nothing = {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Window.padding, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: Window.padding)
        return memory
    }()

    /// No memory yet.
    package init() {}

    deinit { if count > 0 { free(base) } }

    /// Takes other memory, all zeros, and gives back what there was. False: there is none, and all is as it was.
    package mutating func replace(by count: Int) -> Bool { grow(to: count, keeping: 0) }

    /// Takes more memory, zeros after the first `kept` bytes. False: there is none, or then there would be too little for all
    /// that is small, and all is as it was.
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

/// Watches memory that a library allocates, with a check, by itself.
package struct LibraryMemory {
    private var size = 0

    package init() {}

    /// False: the library holds another amount than when this was last asked, and leaves too little for all that is small.
    package mutating func leavesEnough(holding size: Int) -> Bool {
        if size == self.size { return true }
        self.size = size
        return System.hasMemory(for: 0)
    }
}
