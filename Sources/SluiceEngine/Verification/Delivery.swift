import SluiceCSV
import SluiceJSON

/// The messages that were received of one source, and what is wrong with them.
///
/// The ranges of the messages and the empty spans that the manifest lists must tile the source from 0 to its end, and the
/// ids of the messages must add up to the manifest's sum:
///
///     received 0-400, 400-900, 900-1000, manifest 0-1000    complete
///     received 0-400, 900-1000, manifest 0-1000             gap 400-900
package struct Delivery: Sendable {
    /// One message with rows, and its place among the messages that were read.
    package struct Part: Sendable {
        package var range: Range<UInt64>
        /// Numbers of the first and the last row's record.
        package var records: ClosedRange<UInt64>
        package var id: MessageID
        /// Nil if they were not counted.
        package var rows: UInt64?
        package var place: MessageArchive.Place
    }

    /// Something that is missing, duplicated or wrong.
    package struct Finding: Sendable {
        package var text: String
        /// Whether it is that a message was received more than once.
        package var isCopy = false
        /// The limit that kept a message from being read.
        package var limit: SluiceError.Limit?
    }

    /// A manifest or an aborted message.
    private struct Report {
        var content: Message.Content
        var id: MessageID
        var range: Range<UInt64>
        var body: JSONValue
        var place: MessageArchive.Place
    }

    /// The value of the attribute `sluice.source`.
    package let source: String
    /// The messages with rows, in the order of their ranges once ``check()`` was called.
    package private(set) var parts: [Part] = []
    /// The messages of records that were put aside. They may have gone elsewhere, and come more than once.
    package private(set) var rejects: [Part] = []
    /// What the messages state of the event of the upload; nil if nothing.
    package private(set) var event: ObjectEvent?
    private var reports: [Report] = []
    private var findings: [Finding] = []
    private var ids: Set<MessageID> = []
    /// Whether no range is missing, but some message is not of this run of the input. Known after ``check()``.
    private(set) var isMixed = false
    /// Whether some message of rejected records was received, but not all of them. Known after ``check()``.
    private(set) var lacksRejects = false
    /// Whether a message of rejected records could not be read.
    private var hasDamagedRejects = false

    package init(source: String) { self.source = source }

    /// Adds the message at a place among those that were read, from 0. Returns whether it is sound, and no copy of another.
    @discardableResult
    package mutating func add(_ message: ReceivedMessage, place: Int, limit: Int = MessageRows.usualLimit) -> Bool {
        let place = MessageArchive.Place(number: place, offset: place, size: 0)
        return add(MessageReading(message, limit: limit), place: place, limit: limit)
    }

    /// Adds a message that was read with that limit. Returns whether it is sound, and no copy of another.
    @discardableResult
    mutating func add(_ reading: MessageReading, place: MessageArchive.Place, limit: Int) -> Bool {
        let message = reading.message
        guard let content = message.content, let range = message.range, let id = message.id.flatMap(MessageID.init)
        else {
            note("message \(place.number + 1) lacks attributes")
            return false
        }
        guard !ids.contains(id) else {
            if content == .rejects { return false }
            let text = "message \(place.number + 1) is a duplicate: \(id.digits), bytes \(range.text)"
            findings.append(Finding(text: text, isCopy: true))
            return false
        }
        do throws(MessageRows.Fault) {
            try keep(reading, content, range, id, place)
            event = event ?? message.event
            // Only now, so that a sound copy of a damaged message is no duplicate.
            ids.insert(id)
            return true
        } catch {
            if content == .rejects { hasDamagedRejects = true }
            let (message, bytes) = ("message \(place.number + 1)", "bytes \(range.text)")
            switch error {
            case .damaged: note("\(message) has a damaged body, \(bytes)")
            case .tooLarge: note("\(message) has a body of more than \(limit) bytes, \(bytes)", .messageBody)
            }
            return false
        }
    }

    private mutating func note(_ text: String, _ limit: SluiceError.Limit? = nil) {
        findings.append(Finding(text: text, limit: limit))
    }

    private mutating func keep(
        _ reading: MessageReading,
        _ content: Message.Content,
        _ range: Range<UInt64>,
        _ id: MessageID,
        _ place: MessageArchive.Place
    ) throws(MessageRows.Fault) {
        switch reading.body {
        case .fault(let fault): throw fault
        case .report(let body):
            reports.append(Report(content: content, id: id, range: range, body: body, place: place))
        case .rows(let rows):
            guard let records = reading.message.records else { throw .damaged }
            let part = Part(range: range, records: records, id: id, rows: rows, place: place)
            if content == .rejects { rejects.append(part) } else { parts.append(part) }
        }
    }

    /// The body of the manifest or of the aborted message.
    private var report: JSONValue? { reports.last?.body }

    /// The number of rows, or nil if they were not counted.
    private var countedRows: UInt64? {
        var rows: UInt64 = 0
        for part in parts {
            guard let count = part.rows else { return nil }
            rows += count
        }
        return rows
    }

    /// The number of rows; if they were not counted, that of the manifest.
    package var rows: UInt64 { countedRows ?? report?["rows"]?.integer ?? 0 }
    package var bytes: UInt64 { report?["bytes"]?.integer ?? 0 }
    /// Records that were put aside, and rows that fit no message and were left out, according to the manifest.
    package var rejectedRows: UInt64 { report?["rejected"]?.integer ?? 0 }
    /// The records that were put aside, according to the manifest.
    package var rejectTally: RejectTally { report?["rejects"].flatMap(RejectTally.init) ?? RejectTally() }
    /// How many of them the messages hold.
    package var rejectsInMessages: UInt64 { rejects.reduce(0) { $0 &+ ($1.rows ?? 0) } }
    /// The place of the manifest among the messages that were read.
    var reportPlace: MessageArchive.Place? { reports.last?.place }
    var hasReport: Bool { !reports.isEmpty }
    var isAborted: Bool { reports.contains { $0.content == .aborted } }

    /// Returns what is missing, duplicated or wrong. Empty if everything was received exactly once.
    package mutating func check() -> [Finding] {
        parts.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        guard reports.count == 1, let report = reports.first, report.content == .manifest else {
            let isOneFault = reports.count == 1
            note(isOneFault ? "aborted: \(reason)" : "there are \(reports.count) manifests, not one")
            isMixed = reports.count > 1
            return findings
        }
        let (gaps, overlaps) = checkTiling(report.body)
        let areCountsRight = checkCounts(report.body)
        checkRejects()
        isMixed = overlaps > 0 || (gaps == 0 && !areCountsRight)
        if gaps == 0, overlaps == 0, areCountsRight { checkSum(report) }
        return findings
    }

    private var reason: String {
        let error = report?["error"]
        return "\(error?["code"]?.text ?? "unknown error") at byte \(error?["offset"]?.integer ?? 0)"
    }

    /// Returns the number of unexpected gaps and the number of overlaps.
    private mutating func checkTiling(_ report: JSONValue) -> (gaps: Int, overlaps: Int) {
        var end: UInt64 = 0
        let size = report["bytes"]?.integer ?? 0
        var (gaps, overlaps) = (0, 0)
        for range in (parts.map(\.range) + emptySpans).sorted(by: { $0.lowerBound < $1.lowerBound }) + [size..<size] {
            if range.lowerBound > end {
                gaps += 1
                // A manifest that would be too long states only the number of empty spans.
                if report["emptySpans"] == nil { note("gap: bytes \((end..<range.lowerBound).text)") }
            }
            if range.lowerBound < end {
                overlaps += 1
                note("overlap: bytes \((range.lowerBound..<end).text)")
            }
            end = max(end, range.upperBound)
        }
        guard let spans = report["emptySpans"]?.integer else { return (gaps, overlaps) }
        if spans == gaps { return (0, overlaps) }
        note("\(gaps == 1 ? "1 gap" : "\(gaps) gaps") between messages, not \(spans) as in the manifest")
        return (gaps, overlaps)
    }

    private mutating func checkCounts(_ report: JSONValue) -> Bool {
        var isRight = true
        for (name, found) in [("messages", Optional(UInt64(parts.count))), ("rows", countedRows)] {
            guard let found else { continue }
            let expected = report[name]?.integer ?? 0
            guard expected != found else { continue }
            let noun = found == 1 ? String(name.dropLast()) : name
            note("\(found) \(noun), not \(expected) as in the manifest")
            isRight = false
        }
        return isRight
    }

    /// Compares the number of records in reject messages, if there are any.
    private mutating func checkRejects() {
        rejects.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        let (found, expected) = (rejectsInMessages, rejectTally.records)
        if rejects.isEmpty && !hasDamagedRejects || found == expected { return }
        note("\(found) rejected \(found == 1 ? "record" : "records") in messages, not \(expected) as in the manifest")
        lacksRejects = found < expected
    }

    /// Compares the sum of the ids. A message that was replaced by one of another input or configuration has another id.
    private mutating func checkSum(_ report: Report) {
        let sum = parts.reduce(MessageID.zero) { $0 + $1.id }
        if let expected = report.body["idSum"]?.text.flatMap(MessageID.init), expected == sum {
            if ownID(of: report, sum) == report.id { return }
            note("the manifest's id does not match its content: it belongs to something else")
        } else {
            note(
                "the ids of the messages add up to \(sum.digits), not to the manifest's sum: a message is not of this run"
            )
        }
        isMixed = true
    }

    /// Returns the id that a manifest must have, or nil if it does not state what it was made of.
    private func ownID(of report: Report, _ sum: MessageID) -> MessageID? {
        guard let identity, let segments = report.body["segments"]?.integer else { return nil }
        return MessageIDs(identity, .manifest).id(segments: segments, end: report.range.upperBound, sum: sum)
    }

    /// The source and the configuration of the messages, according to the manifest.
    package var identity: Identity? {
        guard let configuration = report?["configuration"]?.text else { return nil }
        return Identity(source: SourceName(source), configuration: configuration)
    }

    /// The canonical text of the schema that the rows were made with, if the manifest has room for it.
    package var schemaText: [UInt8]? { report?["schema"].map { Array($0.minified.utf8) } }

    /// The spans without rows that the manifest lists.
    var emptySpans: [Range<UInt64>] {
        (report?["empty"]?.elements ?? []).compactMap { $0.text.flatMap(Range.init(text:)) }
    }

    /// The whole source, from the manifest if the attribute abbreviates it.
    package var wholeSource: SourceName {
        let whole = SourceName(report?["source"]?.text ?? source)
        return whole.attribute == source ? whole : SourceName(source)
    }
}
