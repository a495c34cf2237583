import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The counts, times and repairs of a run.
struct RunSummary {
    private let meter: Meter
    private let kernel: String
    private let threads: Int
    private let schema: TableSchema?
    private let elapsed: Duration

    init(_ meter: Meter, kernel: String, threads: Int, schema: TableSchema?, elapsed: Duration) {
        self.meter = meter
        self.kernel = kernel
        self.threads = threads
        self.schema = schema
        self.elapsed = elapsed
    }

    /// The summary as text, with the repairs and the constraints that were not checked at its end:
    ///
    ///     3 rows of 4 records; 96 B read, 120 B written in 0.001 s, 0.1 MB/s; kernel avx2, threads 2
    ///     …; accepted: 2 raggedRecord, first in orders.csv:4; not checked: 1 unique
    var text: String {
        let rejected = meter.rejected > 0 ? ", \(meter.rejected) rejected" : ""
        return "\(Measure.count(meter.rows, "row")) of \(Measure.count(meter.records, "record"))\(rejected); "
            + "\(Measure.bytes(meter.bytesRead)) read, \(Measure.bytes(meter.bytesWritten)) written "
            + "in \(Measure.fixed(elapsed.inSeconds, digits: 3)) s, \(rate) MB/s; kernel \(kernel), threads \(threads)"
            + accepted + notChecked
    }

    private var notChecked: String {
        let kinds = schema?.unchecked.map { "\($0.count) \($0.constraint)" } ?? []
        return kinds.isEmpty ? "" : "; not checked: \(kinds.joined(separator: ", "))"
    }

    private var accepted: String {
        let kinds = AcceptedKind.all(of: meter)
        let texts = kinds.map { kind in
            let line = kind.first.line.map { ":\($0)" } ?? ""
            return "\(kind.count) \(kind.code.rawValue), first in \(TerminalText.name(kind.file))\(line)"
        }
        return texts.isEmpty ? "" : "; accepted: \(texts.joined(separator: ", "))"
    }

    /// The summary as JSON; a MB is 1,000,000 bytes of input.
    var members: [(name: String, json: String)] {
        [
            ("rows", "\(meter.rows)"), ("records", "\(meter.records)"), ("rejected", "\(meter.rejected)"),
            ("bytesRead", "\(meter.bytesRead)"), ("bytesWritten", "\(meter.bytesWritten)"),
            ("seconds", Measure.fixed(elapsed.inSeconds, digits: 6)), ("megabytesPerSecond", rate),
            ("kernel", JSONWriter.string(kernel)), ("threads", "\(threads)"),
        ] + repairs + unchecked
    }

    private var repairs: [(name: String, json: String)] {
        let kinds = AcceptedKind.all(of: meter).map { kind in
            let first = [("file", JSONWriter.string(kind.file))] + kind.first.members
            let members = [("count", "\(kind.count)"), ("first", JSONWriter.object(first))]
            return (kind.code.rawValue, JSONWriter.object(members))
        }
        return kinds.isEmpty ? [] : [("repairs", JSONWriter.object(kinds))]
    }

    private var unchecked: [(name: String, json: String)] {
        guard let schema, !schema.unchecked.isEmpty else { return [] }
        return [("unchecked", schema.uncheckedJSON)]
    }

    private var rate: String {
        Measure.fixed(Measure.megabytesPerSecond(meter.bytesRead, in: elapsed), digits: 1)
    }
}

/// The repairs of one kind in all inputs.
private struct AcceptedKind {
    let code: CSVError.Code
    var count: UInt64
    let file: String
    let first: Repairs.Place

    /// Returns all kinds in the order of their codes. A kind's first place is in the first input that has any.
    static func all(of meter: Meter) -> [AcceptedKind] {
        let inputs = meter.repairs
        return CSVError.Code.allCases.compactMap { code in
            var kind: AcceptedKind?
            for (input, repairs) in inputs {
                guard let found = repairs.counts[code] else { continue }
                let file = OpenedInput.title(of: input)
                kind = kind ?? AcceptedKind(code: code, count: 0, file: file, first: found.first)
                kind?.count &+= found.count
            }
            return kind
        }
    }
}
