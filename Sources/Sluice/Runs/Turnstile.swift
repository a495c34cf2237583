import SluiceSystem

/// Lets threads pass one by one in the order of their tickets: 0, 1, 2…
///
/// It makes what parallel work must still do in order (carry a state on, write output) safe: between `wait` and
/// `advance` for one ticket no other thread is between them.
final class Turnstile: @unchecked Sendable {
    // Sendable because `next` is only touched with the mutex held.
    private let mutex = SystemMutex()
    private var next = 0

    /// Waits until it is this ticket's turn.
    func wait(for ticket: Int) {
        mutex.lock()
        while next != ticket { mutex.waitForSignal() }
        mutex.unlock()
    }

    /// Ends this ticket's turn.
    func advance() {
        mutex.lock()
        next += 1
        mutex.signalAll()
        mutex.unlock()
    }

    /// Runs `body` when it is this ticket's turn.
    func pass<Result>(_ ticket: Int, _ body: () -> Result) -> Result {
        wait(for: ticket)
        defer { advance() }
        return body()
    }
}
