import SluiceJSON

/// What was received of one source, and what is wrong with it.
///
/// Ranges of messages and the empty spans that the manifest lists must tile the source from 0 to its end:
///
///     received 0-400, 400-900, 900-1000, manifest 0-1000    complete
///     received 0-400, 900-1000, manifest 0-1000             gap 400-900
package struct Delivery: Sendable {
    /// One message with rows, and where whoever reads them finds it.
    package struct Part: Sendable {
        package var range: Range<UInt64>
        /// Numbers of the first and the last row's record.
        package var records: ClosedRange<UInt64>
        package var id: String
        package var rows: UInt64
        package var place: Int
    }

    package let source: String
    /// In the order of their ranges, once ``check()`` was called.
    package private(set) var parts: [Part] = []
    private(set) var report: JSONValue?
    private(set) var reports: [Message.Content] = []
    private var findings: [String] = []
    private var ids: Set<String> = []

    package init(source: String) { self.source = source }

    /// What an archive holds, a delivery a source, in the order in which they come.
    package static func all(in archive: MessageArchive) throws(SluiceError) -> [Delivery] {
        var deliveries: [Delivery] = []
        var places: [String: Int] = [:]
        for place in 0..<archive.count {
            let message = try archive.message(at: place)
            let source = message.source ?? ""
            let index = places[source] ?? deliveries.count
            if index == deliveries.count { deliveries.append(Delivery(source: source)) }
            places[source] = index
            deliveries[index].add(message, place: place)
        }
        return deliveries
    }

    /// Takes note of a message, which is the one at `place`.
    package mutating func add(_ message: ReceivedMessage, place: Int) {
        guard let content = message.content, let range = message.range, let id = message.id else {
            findings.append("message \(place + 1) lacks attributes")
            return
        }
        guard !ids.contains(id) else {
            findings.append("message \(place + 1) is a duplicate: \(id), bytes \(Self.name(range))")
            return
        }
        guard keep(message, content, range, id, place) else {
            findings.append("message \(place + 1) has a damaged body, bytes \(Self.name(range))")
            return
        }
        // A sound copy of one that is damaged is no duplicate.
        ids.insert(id)
    }

    /// False: its body is damaged.
    private mutating func keep(
        _ message: ReceivedMessage,
        _ content: Message.Content,
        _ range: Range<UInt64>,
        _ id: String,
        _ place: Int
    ) -> Bool {
        switch content {
        case .manifest, .aborted:
            guard let value = JSONValue(parsing: message.body) else { return false }
            reports.append(content)
            report = value
        case .json, .ndjson, .jsonZstd, .ndjsonZstd:
            guard let lines = message.lines, let records = message.records else { return false }
            let rows = lines.reduce(into: UInt64(0)) { $0 += $1 == 0x0A ? 1 : 0 }
            parts.append(Part(range: range, records: records, id: id, rows: rows, place: place))
        }
        return true
    }

    package var rows: UInt64 { parts.reduce(0) { $0 + $1.rows } }
    package var bytes: UInt64 { report?["bytes"]?.integer ?? 0 }

    /// What is missing, double or wrong; empty if everything arrived, once.
    package mutating func check() -> [String] {
        parts.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        guard reports == [.manifest], let report else {
            findings.append(
                reports == [.aborted] ? "aborted: \(reason)" : "there are \(reports.count) manifests, not one"
            )
            return findings
        }
        checkTiling(report)
        checkCounts(report)
        checkIDs()
        return findings
    }

    private var reason: String {
        let error = report?["error"]
        return "\(error?["code"]?.text ?? "unknown error") at byte \(error?["offset"]?.integer ?? 0)"
    }

    private mutating func checkTiling(_ report: JSONValue) {
        var end: UInt64 = 0
        let size = report["bytes"]?.integer ?? 0
        var gaps = 0
        for range in (parts.map(\.range) + emptySpans).sorted(by: { $0.lowerBound < $1.lowerBound }) + [size..<size] {
            if range.lowerBound > end {
                gaps += 1
                // A manifest too long for a message gives only the number of the empty spans.
                if report["emptySpans"] == nil { findings.append("gap: bytes \(Self.name(end..<range.lowerBound))") }
            }
            if range.lowerBound < end { findings.append("overlap: bytes \(Self.name(range.lowerBound..<end))") }
            end = max(end, range.upperBound)
        }
        if let spans = report["emptySpans"]?.integer, spans != gaps {
            findings.append("\(gaps == 1 ? "1 gap" : "\(gaps) gaps") between messages, of which \(spans) should be")
        }
    }

    private mutating func checkCounts(_ report: JSONValue) {
        for (name, found) in [("messages", UInt64(parts.count)), ("rows", rows)] {
            let expected = report[name]?.integer ?? 0
            let noun = found == 1 ? String(name.dropLast()) : name
            if expected != found { findings.append("\(found) \(noun), not \(expected) as in the manifest") }
        }
    }

    /// The ids of the parts follow from source, version, configuration and range.
    private mutating func checkIDs() {
        for part in parts where !hasOwnID(part) {
            findings.append("message \(part.place + 1) has another id than its range: bytes \(Self.name(part.range))")
        }
    }

    /// Whether a part's id is that of its range, as far as the manifest tells what that is.
    func hasOwnID(_ part: Part) -> Bool { identity.map { $0.id(of: part.range) == part.id } ?? true }

    /// What the messages were made of and how; nil if there is no manifest, or the configuration was too long for it.
    package var identity: Identity? {
        guard let configuration = report?["configuration"]?.text else { return nil }
        return Identity(source: SourceName(report?["source"]?.text ?? source), configuration: configuration)
    }

    /// The spans without rows that the manifest lists.
    var emptySpans: [Range<UInt64>] {
        (report?["empty"]?.elements ?? []).compactMap { $0.text.flatMap(ReceivedMessage.range) }
    }

    private static func name(_ range: Range<UInt64>) -> String { "\(range.lowerBound)-\(range.upperBound)" }
}
