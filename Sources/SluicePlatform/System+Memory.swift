#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory under a limit. When an allocation fails, Swift ends the process without warning. So large allocations are
/// checked beforehand, and leave a reserve for all small ones.
extension System {
    /// The bytes kept free for allocations that can't be checked. The largest of those are the arrays for the fields of
    /// one record, of which there may be 100,000.
    private static let reserve = 16 << 20

    /// Whether `count` bytes can be allocated and the reserve remains. A count of 0 checks that earlier allocations
    /// left the reserve.
    ///
    /// It maps and unmaps that many bytes, which takes no memory as long as they are not touched.
    package static func hasMemory(for count: Int) -> Bool {
        let (size, isTooLarge) = count.addingReportingOverflow(reserve)
        if isTooLarge { return false }
        guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), memory != MAP_FAILED
        else { return false }
        munmap(memory, size)
        return true
    }
}

extension System {
    /// Returns the offset of the first byte with that value, or nil if there is none.
    package static func offset(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let base = bytes.baseAddress, let found = memchr(base, Int32(byte), bytes.count) else { return nil }
        return found - UnsafeMutableRawPointer(mutating: base)
    }

    /// Whether two texts have the same bytes.
    package static func areEqual(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        guard let first = one.baseAddress, let second = other.baseAddress else { return true }
        return memcmp(first, second, one.count) == 0
    }
}
