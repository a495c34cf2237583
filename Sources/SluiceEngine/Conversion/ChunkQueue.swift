import SluiceCSV
import SluicePlatform
import Synchronization

/// The chunks of an input: its bytes from `start` to `end`, cut at the multiples of `size`. Hands them to many threads, in
/// order, until all are taken or it is closed. Then it admits each thread in its chunk's turn, to the state in which the chunk
/// is entered:
///
///     thread 1    next: chunk 0    boundary of 0 ·············    enter 0
///     thread 2    next: chunk 1    boundary of 1 ····    enter 1: waits … gets the state after 0
///
/// At most `threads` chunks are taken and not yet entered, so a ring of that many semaphores suffices, and each wakes only the
/// thread whose turn it is:
///
///     threads 3    chunk 4 waits for semaphore 4 % 3 = 1, which is signalled once chunk 3 is entered
///
/// A thread that comes a few microseconds early spins instead of sleeping.
final class ChunkQueue: @unchecked Sendable {
    // Sendable because `state` is accessed only by the thread whose turn it is; everything else is constant or atomic.

    private let bytes: Range<Int>
    private let size: Int
    private let taken = Atomic(0)
    private let isClosed = Atomic(false)
    private let turns: [SystemSemaphore]
    /// The state at the start of the next chunk to be entered.
    private var state: ReaderState

    init(start: RecordPosition = .start, end: Int, size: Int, threads: Int) {
        bytes = Int(start.offset)..<max(Int(start.offset), end)
        self.size = size
        turns = (0..<threads).map { _ in SystemSemaphore() }
        turns[0].signal()
        state = ReaderState(start)
    }

    /// Returns the next chunk and its number, counted from 0, or nil if none is left.
    func next() -> (number: Int, range: Range<Int>)? {
        if isClosed.load(ordering: .relaxed) { return nil }
        let number = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        let first = (bytes.lowerBound / size + number) * size
        let range = (first..<first + size).clamped(to: bytes)
        return range.isEmpty ? nil : (number, range)
    }

    /// Waits until all chunks before that number were entered. Returns the state in which it is entered, which follows from
    /// their boundaries.
    func enter(_ number: Int, _ boundary: Boundary) -> ReaderState {
        wait(for: turns[number % turns.count])
        let entry = state
        state = entry.after(boundary)
        turns[(number + 1) % turns.count].signal()
        return entry
    }

    private func wait(for turn: SystemSemaphore) {
        for _ in 0..<Self.spins {
            if turn.tryWait() { return }
        }
        turn.wait()
    }

    private static let spins = 1000

    /// Hands out no further chunk.
    func close() { isClosed.store(true, ordering: .relaxed) }
}
