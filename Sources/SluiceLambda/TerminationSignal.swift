import Dispatch
import SluicePlatform

/// The signals that end the function.
struct TerminationSignal {
    private let sources: [any DispatchSourceSignal]

    /// Calls `action` on these signals, which then no longer end the process.
    init(_ action: @escaping @Sendable () -> Void) {
        sources = System.terminationSignals.map { number in
            System.ignore(signal: number)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: DispatchWorkItem(block: action))
            source.resume()
            return source
        }
    }

    func ignore() { for source in sources { source.cancel() } }
}
