import SluiceCSV
import SluiceJSON

/// The rows that a thread made of a chunk, until they are delivered in the chunk's turn.
final class ChunkRows<Fork: OutputFork> {
    var range = 0..<0
    /// The chunk's first record according to the boundaries before it; nil if none starts in the chunk.
    var first: RecordPosition?
    /// The physical lines of the chunk's first byte and of the first byte after the chunk.
    var lines: Range<UInt64> = 0..<0
    /// The rows that were written ahead of the chunk's turn; those in the buffer come after them.
    var fork: Fork?
    private(set) var buffer: RowBuffer
    /// Why the last conversion stopped.
    private(set) var need = RowReader.Need.end
    /// What was accepted in the chunk's records.
    private(set) var repairs = Repairs()
    /// The records that were put aside.
    private(set) var rejects: [Reject] = []
    /// Where the next record starts, and its number.
    private(set) var end: (position: Int, number: UInt64) = (0, 0)

    init(_ bufferSize: Int, isMarked: Bool) { buffer = RowBuffer(capacity: bufferSize, isMarked: isMarked) }

    /// Allocates the memory for usual rows. Returns whether there is enough.
    func reserve() -> Bool { buffer.reserve() }

    /// Reads the chunk's rows into the reader's buffer, and from there into the fork if there is one, until either is full.
    func convert(with reader: inout RowReader, _ lines: inout LineFinder) {
        reader.clearBuffer()
        need = .end
        repairs = Repairs()
        rejects = []
        guard let first else { return }
        reader.seek(to: Int(first.offset), number: first.number)
        resume(with: &reader, &lines)
        while case .room = need, fork?.isFull == false {
            fork?.write(reader.buffer, &lines, in: reader.tokenizer.window)
            reader.clearBuffer()
            resume(with: &reader, &lines)
        }
    }

    /// Reads further rows into the reader's empty buffer.
    func resume(with reader: inout RowReader, _ lines: inout LineFinder) {
        need = reader.run(limit: range.upperBound)
        repairs.add(reader.takeRepairs(&lines))
        rejects += reader.takeRejects(&lines)
        end = (reader.tokenizer.position, reader.tokenizer.index.number)
    }

    /// Returns the records that were put aside, and forgets them.
    func takeRejects() -> [Reject] {
        defer { rejects = [] }
        return rejects
    }

    /// Takes the reader's rows, and leaves it another buffer for the next chunk.
    func takeBuffer(of reader: inout RowReader) { reader.exchangeBuffer(&buffer) }
}
