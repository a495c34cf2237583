import Dispatch
import Sluice
import SluiceSystem
import Synchronization

/// Ends a run in order when a signal asks for that; see ``System/watchSignals()``.
///
/// Whoever waits for something that may never come is woken: input from a descriptor, and what is waited for with ``Blocking``
/// as interruptible. Delivery goes on.
final class Interruption: Sendable {
    /// The process's own. Signals do what they do by default, until ``watch()``.
    static let shared = Interruption()

    private struct State {
        var wakers: [UInt64: @Sendable () -> Void] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Takes signals from now on.
    func watch() {
        guard let descriptor = System.watchSignals() else { return }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        // The handler keeps the source, until it is cancelled: what it tells of stays true, so once is enough.
        source.setEventHandler(
            handler: DispatchWorkItem { [self] in
                source.cancel()
                wake()
            }
        )
        source.resume()
    }

    /// Throws if the run is to end.
    func check() throws(SluiceError) {
        if let signal = System.endingSignal { throw .interrupted(signal: signal) }
    }

    /// Has something called when a signal comes, at once if one has; ``forget(_:)`` takes the number that is returned.
    func onSignal(_ action: @escaping @Sendable () -> Void) -> UInt64 {
        let number = state.withLock { state in
            state.next += 1
            state.wakers[state.next] = action
            return state.next
        }
        // It may have come before the action was there.
        if System.endingSignal != nil { action() }
        return number
    }

    func forget(_ number: UInt64) { state.withLock { $0.wakers[number] = nil } }

    private func wake() {
        for waker in state.withLock({ Array($0.wakers.values) }) { waker() }
    }
}
