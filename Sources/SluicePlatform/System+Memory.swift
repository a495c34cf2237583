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
