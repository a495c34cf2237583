import SluiceCSV
import SluiceJSON

/// Takes rows in order, and is told where segments end. One of its calls costs nothing beside the rows it is about.
protocol RowConsumer {
    /// Takes all rows of the buffer, which is then cleared.
    mutating func take(_ rows: borrowing RowBuffer) throws(SluiceError)

    /// The segment whose records were last taken has none left; the next line starts at `spanEnd`.
    mutating func endSegment(spanEnd: UInt64) throws(SluiceError)

    /// The input is over; `size` bytes were read.
    mutating func finish(size: UInt64) throws(SluiceError)

    /// The input is at fault behind the rows that were taken.
    mutating func abort(_ error: CSVError) throws(SluiceError)
}
