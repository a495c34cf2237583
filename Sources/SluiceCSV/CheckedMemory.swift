#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory whose size an input may decide: that there is none is an answer, where Swift's own allocation ends the process.
package struct CheckedMemory: ~Copyable {
    /// The first of ``count`` bytes that this object owns, aligned for any type.
    package private(set) var base: UnsafeMutableRawPointer
    package private(set) var count: Int
    /// Made by `malloc` rather than by Swift.
    private var isGrown = false

    /// Memory of a size that no input decides; what is in it is not known.
    package init(usual count: Int) {
        self.count = count
        base = .allocate(byteCount: count, alignment: 16)
    }

    deinit { Self.release(base, isGrown) }

    /// Makes all of it zeros.
    package func clear() { base.initializeMemory(as: UInt8.self, repeating: 0, count: count) }

    /// Takes other memory, all zeros, and gives back what there was. False: there is none, and all is as it was.
    package mutating func replace(by count: Int) -> Bool { grow(to: count, keeping: 0) }

    /// Takes more memory, zeros behind the first `kept` bytes. False: there is none, and all is as it was.
    package mutating func grow(to count: Int, keeping kept: Int) -> Bool {
        guard count >= kept, let larger = calloc(count, 1) else { return false }
        larger.copyMemory(from: base, byteCount: kept)
        Self.release(base, isGrown)
        (base, self.count, isGrown) = (larger, count, true)
        return true
    }

    private static func release(_ base: UnsafeMutableRawPointer, _ isGrown: Bool) {
        if isGrown { free(base) } else { base.deallocate() }
    }

    /// Whether there is memory for something of that size that is about to be kept in another way.
    package static func isAvailable(_ count: Int) -> Bool {
        guard let memory = malloc(count) else { return false }
        free(memory)
        return true
    }
}
