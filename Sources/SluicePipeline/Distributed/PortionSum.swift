import SluiceCSV
import SluiceEngine

/// The results of an object's portions, added in order: what one run would have sent, and where it would have ended.
///
/// A portion does not know what the ones before it have put aside, so the limit on that is checked here, at the same places as in
/// one run: with at most 10 lines, and 6 and then 3, 6 and 9 lines at the ends of segments,
///
///     portion 0    6
///     portion 1       9  12     the second segment is the last, whatever is after it
struct PortionSum: Sendable {
    private let rules: RejectRules?
    private(set) var tally = MessageTally()
    private(set) var end = RecordPosition.start
    private(set) var fault: CSVError?
    private(set) var firstRejects: [RejectPlace] = []

    init(_ rules: RejectRules?) { self.rules = rules }

    /// Adds a portion, if none of those before it has a fault: messages after a fault do not count.
    mutating func add(_ result: PortionResult) {
        let before = tally.rejects.lines
        let overrun = result.segments.first {
            rules?.excess(of: before &+ $0.tally.rejects.lines, before: $0.end) != nil
        }
        let extent = overrun ?? result.extent
        tally.append(extent.tally)
        end = extent.end
        fault = overrun == nil ? result.error : rules?.excess(of: tally.rejects.lines, before: end)
        firstRejects += result.firstRejects.prefix(RejectPlace.most - firstRejects.count)
    }

    /// Whether the object's last byte decides if too many of all its lines were put aside.
    var needsLastByte: Bool {
        if fault == nil, case .share? = rules?.limit { !tally.rejects.isEmpty } else { false }
    }

    /// Ends the object, whose last byte is given.
    mutating func finish(after last: UInt8?, _ dialect: Dialect) {
        fault = rules?.excess(of: tally.rejects.lines, atEnd: end, after: last, dialect)
    }
}

extension PortionResult {
    /// Notes that messages up to the checkpoint were sent: at the end of a segment, or where the portion becomes invalid.
    mutating func reach(_ checkpoint: Checkpoint, under rules: RejectRules?) {
        extent = Extent(end: checkpoint.position, tally: checkpoint.tally)
        let (lines, known) = (checkpoint.tally.rejects.lines, segments.last)
        hasNewSegment = false
        guard case .lines? = rules?.limit, lines > known?.tally.rejects.lines ?? 0,
            known.flatMap({ rules?.excess(of: $0.tally.rejects.lines, before: $0.end) }) == nil
        else { return }
        var end = extent
        // An aborted message states no repairs.
        end.tally.repairs = Repairs()
        segments.append(end)
        hasNewSegment = true
    }

    /// Notes that the portion is invalid. What was reached last was then no segment's end.
    mutating func fail(with error: CSVError) {
        self.error = error
        if hasNewSegment { segments.removeLast() }
    }
}
