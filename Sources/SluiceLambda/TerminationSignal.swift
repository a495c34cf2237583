import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// SIGTERM, by which the platform asks the function to end.
struct TerminationSignal {
    private let source: any DispatchSourceSignal

    /// Calls `action` for the signal, which does not end the process any more.
    init(_ action: @escaping @Sendable () -> Void) {
        signal(SIGTERM, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        source.setEventHandler(handler: DispatchWorkItem(block: action))
        source.resume()
    }

    func ignore() { source.cancel() }
}
