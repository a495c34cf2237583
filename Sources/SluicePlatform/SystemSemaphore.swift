#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Dispatch
#endif

/// A counting semaphore: each signal lets one thread pass.
package final class SystemSemaphore: @unchecked Sendable {
    #if canImport(Darwin)
    private let semaphore = DispatchSemaphore(value: 0)

    package init() {}
    package func signal() { semaphore.signal() }
    package func wait() { semaphore.wait() }
    /// Takes a signal if there is one, and returns whether it did.
    package func tryWait() -> Bool { semaphore.wait(timeout: DispatchTime(uptimeNanoseconds: 0)) == .success }
    #else
    // Sendable because POSIX semaphores are. It is allocated so that its address never changes.
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

    /// Takes a signal if there is one, and returns whether it did.
    package func tryWait() -> Bool { sem_trywait(semaphore) == 0 }
    #endif
}
