import SluiceCSV
import SluicePlatform
import Synchronization

/// The chunks of a file: its bytes from a record's start to the end, cut at the multiples of `size`. Hands them out to
/// threads, in order, until all are taken or it is closed.
///
/// It also carries the reader's state from chunk to chunk. A thread that knows the boundary of its chunk gets the state at the
/// chunk's start in the chunk's turn. At most `threads` chunks wait for their turn, so a ring of that many semaphores suffices,
/// and each wakes only the thread whose turn it is:
///
///     threads 3    chunk 4 waits for semaphore 4 % 3 = 1, which chunk 3 signals
///
/// A thread that comes a few microseconds early spins instead of sleeping.
final class ChunkQueue: @unchecked Sendable {
    // Sendable because `state` is accessed only in a chunk's turn; everything else is constant or atomic.

    private let bytes: Range<Int>
    private let size: Int
    private let taken = Atomic(0)
    private let isClosed = Atomic(false)
    private let turns: [SystemSemaphore]
    /// The state at the start of the chunk whose turn it is.
    private var state: ReaderState

    init(from start: RecordPosition, end: Int, size: Int, threads: Int) {
        bytes = Int(start.offset)..<max(Int(start.offset), end)
        self.size = size
        state = ReaderState(start)
        turns = (0..<threads).map { _ in SystemSemaphore() }
        turns[0].signal()
    }

    func next() -> (number: Int, range: Range<Int>)? {
        if isClosed.load(ordering: .relaxed) { return nil }
        let number = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        let first = (bytes.lowerBound / size + number) * size
        let range = (first..<first + size).clamped(to: bytes)
        return range.isEmpty ? nil : (number, range)
    }

    func close() { isClosed.store(true, ordering: .relaxed) }

    /// Waits for the turn of the chunk with that number and boundary, and returns the state at its start.
    func enter(_ number: Int, _ boundary: Boundary) -> ReaderState {
        wait(for: number)
        let entry = state
        state = entry.after(boundary)
        turns[(number + 1) % turns.count].signal()
        return entry
    }

    private func wait(for number: Int) {
        let turn = turns[number % turns.count]
        for _ in 0..<Self.spins {
            if turn.tryWait() { return }
        }
        turn.wait()
    }

    private static let spins = 1000
}
