import SluiceSystem

/// Has what threads make out of order delivered in order, by whichever thread completes the next piece.
///
///     thread 1    makes 0 ········· delivers 0, 1     makes 3
///     thread 2    makes 1 ··· leaves it   makes 2 ··· delivers 2
///
/// So nobody waits for another's turn, unless all pieces are in use. Each thread adds two: one to fill, one that waits.
final class OrderedDelivery<Piece: AnyObject>: @unchecked Sendable {
    // Sendable because everything is only touched with the mutex held, and a piece only by the thread that obtained it
    // or, once it is complete, by the one that delivers.
    private let mutex = SystemMutex()
    private var free: [Piece] = []
    /// Has a signal for each free piece, and so wakes one thread for each.
    private let freed = SystemSemaphore()
    /// Complete pieces, at their number modulo the most pieces that there may be.
    private var complete: [Piece?]
    private var next = 0
    private var isDelivering = false
    /// Threads that wait for their turn.
    private var waiting = 0

    /// No piece yet, and never more than `capacity`.
    init(capacity: Int) { complete = (0..<capacity).map { _ in nil } }

    /// Adds a piece.
    func add(_ piece: Piece) { giveBack(piece) }

    /// A piece to fill. It must be obtained before the number that it gets is fixed: then the piece that all others wait
    /// for is always being made.
    func obtain() -> Piece? {
        freed.wait()
        mutex.lock()
        defer { mutex.unlock() }
        return free.popLast()
    }

    /// Gives back a piece that gets no number.
    func giveBack(_ piece: Piece) {
        mutex.lock()
        release(piece)
        mutex.unlock()
    }

    /// Piece `number` is complete: it and those that were left behind it are delivered if all before it were.
    func submit(_ piece: Piece, number: Int, deliver: (Piece) -> Void) {
        mutex.lock()
        complete[number % complete.count] = piece
        if !isDelivering { deliverComplete(deliver) }
        mutex.unlock()
    }

    /// Delivers piece `number`, which is not complete, when all before it were; `body` completes it.
    func submitInTurn(_ piece: Piece, number: Int, deliver: (Piece) -> Void, body: (Piece) -> Void) {
        mutex.lock()
        waiting += 1
        while next != number || isDelivering { mutex.waitForSignal() }
        waiting -= 1
        isDelivering = true
        mutex.unlock()
        body(piece)
        mutex.lock()
        isDelivering = false
        next += 1
        release(piece)
        deliverComplete(deliver)
        mutex.unlock()
    }

    /// With the mutex held, which is given up while one is delivered.
    private func deliverComplete(_ deliver: (Piece) -> Void) {
        isDelivering = true
        while let piece = complete[next % complete.count] {
            complete[next % complete.count] = nil
            mutex.unlock()
            deliver(piece)
            mutex.lock()
            next += 1
            release(piece)
        }
        isDelivering = false
        // Whoever waits for the turn that is now next.
        if waiting > 0 { mutex.signalAll() }
    }

    private func release(_ piece: Piece) {
        free.append(piece)
        freed.signal()
    }
}
