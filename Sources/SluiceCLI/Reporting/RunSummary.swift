import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The counts, times, repairs and rejects of a run.
struct RunSummary {
    private let meter: Meter
    private let kernel: String
    private let threads: Int
    private let schema: TableSchema?
    private let objects: CheckpointFile.DoneObjects?
    private let elapsed: Duration

    init(
        _ meter: Meter,
        kernel: String,
        threads: Int,
        schema: TableSchema?,
        objects: CheckpointFile.DoneObjects?,
        elapsed: Duration
    ) {
        self.meter = meter
        self.kernel = kernel
        self.threads = threads
        self.schema = schema
        self.objects = objects
        self.elapsed = elapsed
    }

    /// The summary as text, with the repairs, the rejects and the constraints that were not checked at its end:
    ///
    ///     3 rows of 4 records; 96 B read, 120 B written in 0.001 s, 0.1 MB/s; kernel avx2, threads 2
    ///     …; accepted: 2 raggedRecord, first in orders.csv:4; not checked: 1 unique
    ///     3 rows of 6 records, 2 rejected; …; rejected: 3 lines, 2 quoteInPlain, first in orders.csv:5
    ///     …; 12 objects done, 1 of them failed
    var text: String {
        let rejected = meter.rejected > 0 ? ", \(meter.rejected) rejected" : ""
        return "\(Measure.count(meter.rows, "row")) of \(Measure.count(meter.records, "record"))\(rejected); "
            + "\(Measure.bytes(meter.bytesRead)) read, \(Measure.bytes(meter.bytesWritten)) written "
            + "in \(Measure.fixed(elapsed.inSeconds, digits: 3)) s, \(rate) MB/s; kernel \(kernel), threads \(threads)"
            + accepted + putAside + notChecked + listed
    }

    private var listed: String {
        guard let objects else { return "" }
        return "; \(Measure.count(objects.count, "object")) done, \(objects.failed) of them failed"
    }

    private var notChecked: String {
        let kinds = schema?.unchecked.map { "\($0.count) \($0.constraint)" } ?? []
        return kinds.isEmpty ? "" : "; not checked: \(kinds.joined(separator: ", "))"
    }

    private var accepted: String {
        let kinds = FoundKind.repairs(meter).map(\.text)
        return kinds.isEmpty ? "" : "; accepted: \(kinds.joined(separator: ", "))"
    }

    private var putAside: String {
        let kinds = FoundKind.rejects(meter).map(\.text)
        if kinds.isEmpty { return "" }
        return "; rejected: \(Measure.count(meter.rejects.lines, "line")), \(kinds.joined(separator: ", "))"
    }

    /// The summary as JSON; a MB is 1,000,000 bytes of input.
    var members: [(name: String, json: String)] {
        [
            ("rows", "\(meter.rows)"), ("records", "\(meter.records)"), ("rejected", "\(meter.rejected)"),
            ("bytesRead", "\(meter.bytesRead)"), ("bytesWritten", "\(meter.bytesWritten)"),
            ("seconds", Measure.fixed(elapsed.inSeconds, digits: 6)), ("megabytesPerSecond", rate),
            ("kernel", JSONWriter.string(kernel)), ("threads", "\(threads)"),
        ] + repairs + rejects + unchecked
            + (objects.map { [("objects", "\($0.count)"), ("failedObjects", "\($0.failed)")] } ?? [])
    }

    private var repairs: [(name: String, json: String)] {
        let kinds = FoundKind.repairs(meter).map(\.member)
        return kinds.isEmpty ? [] : [("repairs", JSONWriter.object(kinds))]
    }

    private var rejects: [(name: String, json: String)] {
        let kinds = FoundKind.rejects(meter).map(\.member)
        if kinds.isEmpty { return [] }
        let members = [("lines", "\(meter.rejects.lines)"), ("codes", JSONWriter.object(kinds))]
        return [("rejects", JSONWriter.object(members))]
    }

    private var unchecked: [(name: String, json: String)] {
        guard let schema, !schema.unchecked.isEmpty else { return [] }
        return [("unchecked", schema.uncheckedJSON)]
    }

    private var rate: String {
        Measure.fixed(Measure.megabytesPerSecond(meter.bytesRead, in: elapsed), digits: 1)
    }
}

/// The repairs or rejects of one kind in all inputs.
private struct FoundKind {
    let code: CSVError.Code
    var count: UInt64
    let file: String
    let first: Repairs.Place

    static func repairs(_ meter: Meter) -> [FoundKind] {
        all(meter.repairs) { repairs, code in repairs.counts[code] }
    }

    static func rejects(_ meter: Meter) -> [FoundKind] {
        all(meter.rejectPlaces.map { ($0.input, (counts: $0.rejects.counts, first: $0.first)) }) { input, code in
            guard let count = input.counts[code], let first = input.first[code] else { return nil }
            return Repairs.Count(count: count, first: first)
        }
    }

    /// Returns all kinds in the order of their codes. A kind's first place is in the first input that has any.
    private static func all<Found>(
        _ inputs: [(String, Found)],
        _ found: (Found, CSVError.Code) -> Repairs.Count?
    ) -> [FoundKind] {
        CSVError.Code.allCases.compactMap { code in
            var kind: FoundKind?
            for (input, one) in inputs {
                guard let found = found(one, code) else { continue }
                let file = OpenedInput.title(of: input)
                kind = kind ?? FoundKind(code: code, count: 0, file: file, first: found.first)
                kind?.count &+= found.count
            }
            return kind
        }
    }

    /// `2 raggedRecord, first in orders.csv:4`
    var text: String {
        let line = first.line.map { ":\($0)" } ?? ""
        return "\(count) \(code.rawValue), first in \(TerminalText.name(file))\(line)"
    }

    /// `"raggedRecord":{"count":2,"first":{"file":"orders.csv","line":4,…}}`
    var member: (name: String, json: String) {
        let first = [("file", JSONWriter.string(file))] + first.members
        return (code.rawValue, JSONWriter.object([("count", "\(count)"), ("first", JSONWriter.object(first))]))
    }
}
