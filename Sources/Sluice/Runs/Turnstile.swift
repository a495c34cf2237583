import SluiceSystem

/// Lets threads pass one by one in the order of their tickets: 0, 1, 2…, at most `threads` of which are out at a time.
///
/// While one passes, no other does. A ring of semaphores wakes only the thread whose turn it is; one that comes a few
/// microseconds early does not go to sleep for them.
final class Turnstile: Sendable {
    private let turns: [SystemSemaphore]

    init(threads: Int) {
        turns = (0..<threads).map { _ in SystemSemaphore() }
        turns[0].signal()
    }

    /// Runs `body` when it is this ticket's turn.
    func pass<Result>(_ ticket: Int, _ body: () -> Result) -> Result {
        wait(for: ticket)
        defer { turns[(ticket + 1) % turns.count].signal() }
        return body()
    }

    private func wait(for ticket: Int) {
        let turn = turns[ticket % turns.count]
        for _ in 0..<Self.tries {
            if turn.tryWait() { return }
        }
        turn.wait()
    }

    private static let tries = 1000
}
