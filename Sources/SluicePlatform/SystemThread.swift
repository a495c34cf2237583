#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A POSIX thread. If the system refuses one, ``start(_:)`` returns nil; a dispatch queue would wait for it forever.
package struct SystemThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let handle: pthread_t

    /// The size of a thread's stack in bytes. No thread needs a large one, whatever the process's limit for its first
    /// thread.
    private static let stackSize = 1 << 20
    /// What a thread may take of the memory that a limit allows: its stack, and the 128 MiB of addresses that glibc
    /// reserves when a thread first allocates memory.
    private static let size = stackSize + 128 << 20

    /// Starts a thread, which must be joined.
    ///
    /// - Returns: the thread, or nil if the system gives none: a limit on processes is reached, or memory is short.
    package static func start(_ body: @escaping @Sendable () -> Void) -> SystemThread? {
        guard System.hasMemory(for: size) else { return nil }
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        // The thread releases the body. If no thread starts, it is released below.
        let context = Unmanaged.passRetained(Body(body))
        // A number in glibc, a pointer elsewhere.
        #if canImport(Glibc)
        var handle = pthread_t()
        #else
        var handle: pthread_t?
        #endif
        guard pthread_create(&handle, &attributes, { SystemThread.run($0) }, context.toOpaque()) == 0 else {
            context.release()
            return nil
        }
        let started: pthread_t? = handle
        return started.map { SystemThread(handle: $0) }
    }

    /// Runs the thread's body.
    ///
    /// - Parameter context: the body, retained.
    private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
    }

    /// Waits until the thread has ended.
    package func join() { pthread_join(handle, nil) }
}
