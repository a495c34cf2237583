import SluiceCSV
import SluiceJSON

/// Takes rows in order, and is told where segments end. One of its calls costs nothing beside the rows it is about.
protocol RowConsumer: SendableMetatype {
    /// Whether it keeps places, and so is to be told their lines, which somebody must count.
    static var keepsPlaces: Bool { get }

    /// Takes all rows of the buffer, which is then cleared. Their records are in the window, that of
    /// `lines`, or in one that was left.
    mutating func take(
        _ rows: borrowing RowBuffer,
        _ lines: inout LineFinder,
        in window: Window
    ) throws(SluiceError)

    /// Is told what was accepted in the records that are taken next, or in the header.
    mutating func note(_ repairs: Repairs)

    /// What the window holds before that offset is about to leave the memory; a record starts there, or the input ends.
    mutating func leave(_ window: Window, upTo offset: UInt64)

    /// The segment whose records were last taken has none left; the next line starts at `next`.
    mutating func endSegment(before next: RecordPosition, in window: Window) throws(SluiceError)

    /// The input is over; `size` bytes were read.
    mutating func finish(size: UInt64) throws(SluiceError)

    /// The input is at fault in the record that starts at `end`, behind the rows that were taken.
    mutating func abort(_ error: CSVError, at end: UInt64, in window: Window) throws(SluiceError)

    /// What a thread makes of a unit's rows before it is their turn.
    associatedtype Part: RowPart

    /// An empty part for a unit that is a segment whose first line starts at `spanStart`; nil for the first unit, which
    /// goes on where the consumer is. No part: rows can be taken only in their turn.
    func part(spanStart: UInt64?) -> Part?

    /// Goes on behind the rows that the part took.
    mutating func adopt(_ part: Part) throws(SluiceError)
}

/// Rows that were taken before their turn, in whatever form.
protocol RowPart {
    /// Takes all rows of the buffer, which are from the window, that of `lines`.
    mutating func take(_ rows: borrowing RowBuffer, _ lines: inout LineFinder, in window: Window)

    /// It is to take no more rows before its turn.
    var isFull: Bool { get }
}

/// The part of a consumer that has none.
enum NoPart: RowPart {
    mutating func take(_ rows: borrowing RowBuffer, _ lines: inout LineFinder, in window: Window) {}
    var isFull: Bool { true }
}

extension RowConsumer where Part == NoPart {
    func part(spanStart: UInt64?) -> NoPart? { nil }
    mutating func adopt(_ part: NoPart) {}
}
