#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Dispatch
#endif

/// Counts signals, and lets a thread pass for each.
package final class SystemSemaphore: @unchecked Sendable {
    #if canImport(Darwin)
    private let semaphore = DispatchSemaphore(value: 0)

    package init() {}
    package func signal() { semaphore.signal() }
    package func wait() { semaphore.wait() }
    /// Passes if there is a signal.
    package func tryWait() -> Bool { semaphore.wait(timeout: DispatchTime(uptimeNanoseconds: 0)) == .success }
    #else
    // Sendable because POSIX semaphores are; it is allocated so that it keeps its address.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    package init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    package func signal() { sem_post(semaphore) }

    package func wait() {
        // Only a signal handler can interrupt it.
        while sem_wait(semaphore) != 0 {}
    }

    /// Passes if there is a signal.
    package func tryWait() -> Bool { sem_trywait(semaphore) == 0 }
    #endif
}
