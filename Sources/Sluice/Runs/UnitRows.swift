import SluiceCSV
import SluiceJSON

/// What a thread made of a unit, to be delivered when it is the unit's turn.
final class UnitRows<Part: RowPart> {
    var range = 0..<0
    /// The unit's first record, as far as its thread knew; nil if none starts in it.
    var first: RecordPosition?
    /// The physical lines of the unit's first byte and of the one behind it: known whatever the quotes are.
    var lines: Range<UInt64> = 0..<0
    /// Rows that the consumer was given out of turn; those in the buffer are behind them.
    var part: Part?
    private(set) var buffer: RowBuffer
    private(set) var pause = RowPump.Pause.end
    /// What was accepted in the unit's records.
    private(set) var repairs = Repairs()
    /// Where the next record starts, and its number.
    private(set) var end: (position: Int, number: UInt64) = (0, 0)

    init(_ bufferSize: Int, isMarked: Bool) { buffer = RowBuffer(capacity: bufferSize, isMarked: isMarked) }

    /// Takes the memory for usual rows. False: there is none.
    func reserve() -> Bool { buffer.reserve() }

    /// Moves the unit's records into the pump's buffer, or before that into the part, until one of them is full.
    func convert(with pump: inout RowPump, _ lines: inout LineFinder) {
        pump.clearBuffer()
        pause = .end
        repairs = Repairs()
        guard let first else { return }
        pump.move(to: Int(first.offset), number: first.number)
        goOn(with: &pump, &lines)
        while case .full = pause, part?.isFull == false {
            part?.take(pump.buffer, &lines, in: pump.tokenizer.window)
            pump.clearBuffer()
            goOn(with: &pump, &lines)
        }
    }

    /// Moves further records into the pump's buffer.
    func goOn(with pump: inout RowPump, _ lines: inout LineFinder) {
        pause = pump.run(limit: range.upperBound)
        repairs.add(pump.takeRepairs(&lines))
        end = (pump.tokenizer.position, pump.tokenizer.tile.number)
    }

    /// Takes the pump's rows, and leaves it free for another unit.
    func takeBuffer(of pump: inout RowPump) { pump.exchangeBuffer(&buffer) }
}
