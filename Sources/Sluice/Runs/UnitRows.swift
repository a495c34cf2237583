import SluiceCSV
import SluiceJSON

/// What a thread made of a unit, to be delivered when it is the unit's turn.
final class UnitRows<Part: RowPart> {
    var range = 0..<0
    /// The unit's first record, as far as its thread knew; nil if none starts in it.
    var first: (start: UInt64, number: UInt64)?
    /// Rows that the consumer was given out of turn; those in the buffer are behind them.
    var part: Part?
    private(set) var buffer: RowBuffer
    private(set) var pause = RowPump.Pause.end
    /// Where the next record starts, and its number.
    private(set) var end: (position: Int, number: UInt64) = (0, 0)

    init(_ bufferSize: Int, isMarked: Bool) { buffer = RowBuffer(capacity: bufferSize, isMarked: isMarked) }

    /// Moves the unit's records into the pump's buffer, or before that into the part, until one of them is full.
    func convert(with pump: inout RowPump) {
        pump.clearBuffer()
        pause = .end
        guard let first else { return }
        pump.move(to: Int(first.start), number: first.number)
        goOn(with: &pump)
        while case .full = pause, part?.isFull == false {
            part?.take(pump.buffer)
            pump.clearBuffer()
            goOn(with: &pump)
        }
    }

    /// Moves further records into the pump's buffer.
    func goOn(with pump: inout RowPump) {
        pause = pump.run(limit: range.upperBound)
        end = (pump.tokenizer.position, pump.tokenizer.tile.number)
    }

    /// Takes the pump's rows, and leaves it free for another unit.
    func takeBuffer(of pump: inout RowPump) { pump.exchangeBuffer(&buffer) }
}
