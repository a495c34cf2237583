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
    private let dialect: Dialect
    /// The byte before the place where the last segment ended.
    private var last: UInt8?
    /// All so far, those before a checkpoint included.
    private(set) var tally = RejectTally()

    /// Returns nil if no record may be put aside.
    init?(_ converter: CSVConverter, source: SourceName, before: RejectTally = RejectTally()) {
        guard let rules = converter.rejects else { return nil }
        self.rules = rules
        lines = RejectLines(source: source)
        log = converter.rejectLog
        meter = converter.meter
        dialect = converter.dialect
        tally = before
    }

    /// Whether the line is needed at which too many were put aside.
    var needsLines: Bool { rules.limit != .none }

    /// Takes records. If they are no news, an earlier run has logged them.
    mutating func take(_ rejects: [Reject], isNews: Bool = true) throws(SluiceError) {
        if rejects.isEmpty { return }
        for reject in rejects { tally.add(reject) }
        guard isNews else { return }
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
        // The byte before it is in the window: records are dropped with their line ends.
        last = next.offset > window.offset ? window[Int(next.offset - window.offset) - 1] : nil
        return rules.excess(of: tally.lines, before: next)
    }

    /// Whether a run that resumes at the end of the last segment can count all lines, which a share needs. It can't if the input
    /// ends there without a line end.
    var knowsLines: Bool {
        guard case .share = rules.limit else { return true }
        return rules.isWhole(after: last, dialect)
    }

    /// Returns the error if too many of all lines were put aside. The input ends where a segment last ended.
    func excess(atEnd end: RecordPosition) -> CSVError? {
        rules.excess(of: tally.lines, atEnd: end, after: last, dialect)
    }
}
