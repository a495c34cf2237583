import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The signals that end the function: SIGTERM, sent by the platform, and SIGINT, sent from a keyboard.
struct TerminationSignal {
    private let sources: [any DispatchSourceSignal]

    /// Calls `action` on these signals, which then no longer end the process.
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
