import SluiceCSV

/// Takes a line for each record that is put aside: a file, or standard error. One thread at a time uses it.
package protocol RejectLog: AnyObject, Sendable {
    /// Takes lines of JSON, each with its line end.
    func write(_ lines: [UInt8]) throws(SluiceError)
}

/// What an output does with the records that are put aside: counts them, logs them, and finds out when they are too many.
struct RejectKeeper {
    private let rules: RejectRules
    private let lines: RejectLines
    private let log: (any RejectLog)?
    private let meter: Meter?
    /// Lines to log; memory that is reused.
    private var text: [UInt8] = []
    private let endsLinesWithCR: Bool
    /// The physical lines of the input, up to the last segment's end.
    private var allLines: UInt64 = 0
    /// All so far, those before a checkpoint included.
    private(set) var tally = RejectTally()

    /// Returns nil if no record may be put aside.
    init?(_ converter: CSVConverter, source: SourceName, before: RejectTally = RejectTally()) {
        guard let rules = converter.rejects else { return nil }
        self.rules = rules
        lines = RejectLines(source: source)
        log = converter.rejectLog
        meter = converter.meter
        endsLinesWithCR = converter.dialect.bareCR == .newline
        tally = before
    }

    /// Whether the line is needed at which too many were put aside.
    var needsLines: Bool { rules.limit != .none }

    mutating func take(_ rejects: [Reject]) throws(SluiceError) {
        if rejects.isEmpty { return }
        for reject in rejects { tally.add(reject) }
        meter?.add(rejects)
        guard let log else { return }
        text.removeAll(keepingCapacity: true)
        for reject in rejects {
            lines.append(reject, to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        try log.write(text)
    }

    /// A segment ends before `next`. Returns the error if too many lines were put aside.
    mutating func reach(_ next: RecordPosition, in window: Window) -> CSVError? {
        allLines = next.line - 1
        // The input may end in the middle of a line, which then lies in the window: records are dropped with their line ends.
        if next.offset > window.offset {
            let last = window[Int(next.offset - window.offset) - 1]
            if last != 0x0A, last != 0x0D || !endsLinesWithCR { allLines += 1 }
        }
        return rules.isExceeded(by: tally.lines) ? Self.error(at: next) : nil
    }

    /// Returns the error if too many of all lines were put aside. The input ends where a segment last ended.
    func excess(atEnd end: RecordPosition) -> CSVError? {
        rules.isExceeded(by: tally.lines, of: allLines) ? Self.error(at: end) : nil
    }

    private static func error(at position: RecordPosition) -> CSVError {
        CSVError(.tooManyRejects, offset: position.offset, line: position.line, record: position.number)
    }
}
