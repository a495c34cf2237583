import SluiceCSV
import SluiceJSON

extension Reject {
    /// A row that fits no message, whose record the window holds.
    init(oversize row: RowBuffer.Mark, in window: Window) {
        let record = Int(row.inputStart - window.offset)..<Int(row.inputEnd - window.offset)
        var end = record.upperBound
        if end > record.lowerBound, window[end - 1] == 0x0A { end -= 1 }
        if end > record.lowerBound, window[end - 1] == 0x0D { end -= 1 }
        let error = CSVError(.rowTooLarge, offset: row.inputStart, record: row.number)
        self.init(error, record: record, contentEnd: end, in: window)
    }
}
