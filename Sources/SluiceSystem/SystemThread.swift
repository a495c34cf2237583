#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A thread of this process's own. The system may refuse one, and says so; a dispatch queue would wait for it for ever.
package struct SystemThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let handle: pthread_t

    /// Bytes of a thread's stack, of which none needs many, whatever limit the process has for its first.
    private static let stackSize = 1 << 20
    /// What a thread may take of the memory that a limit allows: its stack, and 128 MiB of addresses that glibc sets aside when
    /// one first allocates something.
    private static let size = stackSize + 128 << 20

    /// Starts a thread, which must be joined.
    ///
    /// - Returns: nil if the system has no thread to give: a limit on processes is reached, or memory is short.
    package static func start(_ body: @escaping @Sendable () -> Void) -> SystemThread? {
        guard System.hasMemory(for: size) else { return nil }
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        // Retained for the thread, which releases it; if there is none, here.
        let context = Unmanaged.passRetained(Body(body))
        #if canImport(Darwin)
        var handle: pthread_t?
        let status = pthread_create(&handle, &attributes, { SystemThread.run($0) }, context.toOpaque())
        #else
        var handle = pthread_t()
        let status = pthread_create(&handle, &attributes, { $0.flatMap { SystemThread.run($0) } }, context.toOpaque())
        #endif
        guard status == 0 else {
            context.release()
            return nil
        }
        #if canImport(Darwin)
        return handle.map { SystemThread(handle: $0) }
        #else
        return SystemThread(handle: handle)
        #endif
    }

    /// What the thread does; the pointer is the body, retained.
    private static func run(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }

    /// Waits until the thread has ended.
    package func join() { pthread_join(handle, nil) }
}
