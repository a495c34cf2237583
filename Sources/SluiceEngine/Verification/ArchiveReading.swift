import SluiceCSV
import SluicePlatform

extension Delivery {
    /// Returns the deliveries in an archive, one per source, in the order in which they first occur.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that a body may have, both packed and unpacked.
    ///   - countsRows: Whether bodies are read. If not, nothing is known of those that are not compressed, and ``rows`` is what
    ///     the manifest states.
    package static func all(
        in archive: MessageArchive,
        limit: Int = MessageRows.usualLimit,
        countsRows: Bool = true,
        kernel: Kernel = .best,
        threads: Int = 1
    ) throws(SluiceError) -> [Delivery] {
        let reading = ArchiveReading(archive, limit: limit, countsRows: countsRows, kernel: kernel, threads: threads)
        return try reading.run()
    }
}

/// Reads the messages of an archive by several threads, each a piece of the archive at a time, and adds them to the deliveries
/// in order.
///
/// The calling thread works too, so it does not matter how many threads the system gives.
private final class ArchiveReading: @unchecked Sendable {
    // Sendable because `deliveries`, `count` and `error` are accessed only by the thread that delivers, and after all threads
    // ended; everything else is constant.

    private let archive: MessageArchive
    private let limit: Int
    private let countsRows: Bool
    private let kernel: Kernel
    private let helpers: Int
    private let pieces: ChunkQueue
    private let order: ReorderBuffer<Piece>
    private var deliveries: [Delivery] = []
    /// The place of each source in the deliveries.
    private var places: [String: Int] = [:]
    /// The number of messages.
    private var count = 0
    private var error: SluiceError?

    /// What was read of one piece.
    private final class Piece {
        var messages: [(offset: Int, size: Int, reading: MessageReading)] = []
        /// Why the next message could not be read, if it has that number.
        var failure: ((_ number: Int) -> SluiceError)?
    }

    init(_ archive: MessageArchive, limit: Int, countsRows: Bool, kernel: Kernel, threads: Int) {
        self.archive = archive
        self.limit = limit
        self.countsRows = countsRows
        self.kernel = kernel
        let size = archive.pieceSize
        helpers = min(threads, 1024, (archive.size + size - 1) / size) - 1
        let threads = max(1, helpers + 1)
        pieces = ChunkQueue(end: archive.size, size: size, threads: threads)
        order = ReorderBuffer(capacity: 2 * threads)
    }

    func run() throws(SluiceError) -> [Delivery] {
        var threads: [SystemThread] = []
        while threads.count < helpers, let thread = SystemThread.start({ self.work() }) { threads.append(thread) }
        work()
        for thread in threads { thread.join() }
        if let error { throw error }
        return deliveries
    }

    private func work() {
        for _ in 0..<2 { order.release(Piece()) }
        while let piece = order.acquire() {
            guard let (number, range) = pieces.next() else { return order.release(piece) }
            read(range, into: piece)
            order.submit(piece, number: number, deliver: deliver)
        }
    }

    private func read(_ range: Range<Int>, into piece: Piece) {
        piece.messages.removeAll(keepingCapacity: true)
        piece.failure = nil
        do throws(SluiceError) {
            try archive.forEach(in: range) { (offset, line) in
                guard piece.failure == nil else { return }
                guard let line else { return piece.failure = MessageArchive.tooLarge }
                guard let reading = MessageReading(line, limit: limit, countsRows: countsRows, kernel) else {
                    return piece.failure = MessageArchive.unreadable
                }
                piece.messages.append((offset, line.count, reading))
            }
        } catch {
            let error = error
            if piece.failure == nil { piece.failure = { _ in error } }
        }
    }

    private func deliver(_ piece: Piece) {
        guard error == nil else { return }
        for (offset, size, reading) in piece.messages {
            add(reading, at: MessageArchive.Place(number: count, offset: offset, size: size))
            count += 1
        }
        error = piece.failure.map { $0(count) }
        if error != nil { pieces.close() }
    }

    private func add(_ reading: MessageReading, at place: MessageArchive.Place) {
        let source = reading.message.source ?? ""
        let index = places[source] ?? deliveries.count
        if index == deliveries.count { deliveries.append(Delivery(source: source)) }
        places[source] = index
        deliveries[index].add(reading, place: place, limit: limit)
    }
}
