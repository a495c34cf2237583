#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory, where there is a limit on it. Swift ends the process when it gets none, and does not say so before. So what is
/// large is allocated with a check, and leaves a reserve for all that is small.
extension System {
    /// What is left of the memory that a limit allows, for pieces that can't be checked: the largest are the arrays for the
    /// fields of one record, of which there may be 100,000.
    private static let reserve = 16 << 20

    /// Whether that much memory can be had, and the reserve beside it. What was taken already is asked about with 0.
    ///
    /// It maps as much, which takes no memory while nobody touches it, and gives it back.
    package static func hasMemory(for count: Int) -> Bool {
        let (size, isTooLarge) = count.addingReportingOverflow(reserve)
        if isTooLarge { return false }
        guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), memory != MAP_FAILED
        else { return false }
        munmap(memory, size)
        return true
    }
}
