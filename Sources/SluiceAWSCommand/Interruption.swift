import Dispatch
import SluiceEngine
import SluicePlatform
import Synchronization

/// Ends a run in an orderly way when a signal asks for it; see ``System/watchSignals()``.
///
/// A signal ends waits that may never end: for input from a descriptor, and interruptible waits of ``Blocking``. Delivery
/// continues.
final class Interruption: Sendable {
    /// The process's instance. Signals keep their default action until ``watch()``.
    static let shared = Interruption()

    private struct State {
        var wakers: [UInt64: @Sendable () -> Void] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Handles signals from now on.
    func watch() {
        guard let descriptor = System.watchSignals() else { return }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        // The handler retains the source until it is cancelled. A signal once received remains set, so one call is enough.
        source.setEventHandler(
            handler: DispatchWorkItem { [self] in
                source.cancel()
                wake()
            }
        )
        source.resume()
    }

    /// Throws if a signal asked the run to end.
    func check() throws(SluiceError) {
        if let signal = System.firstSignal { throw .interrupted(signal: signal) }
    }

    /// Registers `action` to be called on a signal; calls it at once if there has been one. Pass the result to ``forget(_:)``.
    func onSignal(_ action: @escaping @Sendable () -> Void) -> UInt64 {
        let number = state.withLock { state in
            state.next += 1
            state.wakers[state.next] = action
            return state.next
        }
        // The signal may have come before the action was registered.
        if System.firstSignal != nil { action() }
        return number
    }

    func forget(_ number: UInt64) { state.withLock { $0.wakers[number] = nil } }

    private func wake() {
        for waker in state.withLock({ Array($0.wakers.values) }) { waker() }
    }
}
