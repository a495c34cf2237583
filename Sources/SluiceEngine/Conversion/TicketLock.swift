import SluicePlatform

/// Admits threads one at a time, in the order of their tickets: 0, 1, 2…
///
/// At most `threads` tickets are out at a time, so a ring of that many semaphores suffices, and each wakes only the thread
/// whose turn it is:
///
///     threads 3    ticket 4 waits for semaphore 4 % 3 = 1, which ticket 3 signals when it leaves
///
/// A thread that comes a few microseconds early spins instead of sleeping.
final class TicketLock: Sendable {
    private let turns: [SystemSemaphore]

    /// A lock that admits ticket 0 first.
    init(threads: Int) {
        turns = (0..<threads).map { _ in SystemSemaphore() }
        turns[0].signal()
    }

    /// Waits for the ticket's turn and runs `body`, while no other thread does.
    func withTurn<Result>(_ ticket: Int, _ body: () -> Result) -> Result {
        wait(for: ticket)
        defer { turns[(ticket + 1) % turns.count].signal() }
        return body()
    }

    private func wait(for ticket: Int) {
        let turn = turns[ticket % turns.count]
        for _ in 0..<Self.spins {
            if turn.tryWait() { return }
        }
        turn.wait()
    }

    private static let spins = 1000
}
