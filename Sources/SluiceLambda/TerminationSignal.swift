import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// SIGTERM, by which the platform asks the function to end, and SIGINT, by which someone at a keyboard does.
struct TerminationSignal {
    private let sources: [any DispatchSourceSignal]

    /// Calls `action` for the signals, which do not end the process any more.
    init(_ action: @escaping @Sendable () -> Void) {
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: DispatchWorkItem(block: action))
            source.resume()
            return source
        }
    }

    func ignore() { for source in sources { source.cancel() } }
}
