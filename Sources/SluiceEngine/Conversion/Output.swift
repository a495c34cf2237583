import SluiceCSV
import SluiceJSON

/// Consumes the rows of an input in order. The engine calls one method per buffer, segment or end, not per row.
///
///     write, write, endSegment, write, endSegment, finish      a valid input
///     write, abort                                             an invalid one
///
/// Rows of a chunk that another thread converts ahead of its turn go to a fork, which the output joins later:
///
///     output    write ……………………………… join ── endSegment
///     fork            └─ write, write ─┘
protocol Output: SendableMetatype {
    /// Whether ``endSegment(before:in:)`` needs the line of the position; counting lines takes time.
    var needsLines: Bool { get }

    /// Consumes all rows of the buffer, which the caller then clears. Their records lie in `window`, the one of `lines`, or in
    /// one that was left before.
    mutating func write(
        _ rows: borrowing RowBuffer,
        _ lines: inout LineFinder,
        in window: Window
    ) throws(SluiceError)

    /// Counts what was accepted in the header or in the records written next.
    mutating func note(_ repairs: Repairs)

    /// Takes records of this segment that were put aside, in order, after the rows between them. Called after each buffer of
    /// rows, also if there are none.
    mutating func reject(_ rejects: [Reject], in window: Window) throws(SluiceError)

    /// The bytes of the window before `offset` are about to leave memory. A record starts there, or the input ends.
    mutating func leave(_ window: Window, upTo offset: UInt64)

    /// All rows of the segment were written; the next one's first record starts at `next`.
    mutating func endSegment(before next: RecordPosition, in window: Window) throws(SluiceError)

    /// The input ended with the last segment.
    mutating func finish() throws(SluiceError)

    /// The input is invalid in the record that starts at `end`, after the rows that were written.
    mutating func abort(_ error: CSVError, at end: UInt64, in window: Window) throws(SluiceError)

    /// What a thread makes of a chunk's rows ahead of its turn.
    associatedtype Fork: OutputFork

    /// Returns an empty fork for a chunk that is a whole segment, or nil if rows must come in order. `spanStart` is the offset
    /// of its first record; nil for the first chunk, which continues where the output is.
    func fork(at spanStart: UInt64?) -> Fork?

    /// Continues after the rows that the fork consumed.
    mutating func join(_ fork: Fork) throws(SluiceError)
}

extension Output {
    /// Ends the segment before the record with that number. Its line is counted only if the output needs it; else it is 0.
    mutating func endSegment(
        before offset: UInt64,
        number: UInt64,
        _ lines: inout LineFinder,
        in window: Window
    ) throws(SluiceError) {
        let next =
            needsLines
            ? lines.position(of: offset, number: number) : RecordPosition(offset: offset, number: number, line: 0)
        try endSegment(before: next, in: window)
    }
}

/// Consumes the rows of one chunk ahead of its turn, in whatever form its output can use.
protocol OutputFork {
    /// Consumes all rows of the buffer, whose records lie in `window`, the one of `lines`.
    mutating func write(_ rows: borrowing RowBuffer, _ lines: inout LineFinder, in window: Window)

    /// Whether further rows must wait for the chunk's turn.
    var isFull: Bool { get }
}

/// The fork of an output that consumes rows in order only.
enum NoFork: OutputFork {
    mutating func write(_ rows: borrowing RowBuffer, _ lines: inout LineFinder, in window: Window) {}
    var isFull: Bool { true }
}

extension Output where Fork == NoFork {
    func fork(at spanStart: UInt64?) -> NoFork? { nil }
    mutating func join(_ fork: NoFork) {}
}
