import SluiceEngine
import SluiceJSON

extension Delivery.Finding {
    /// The finding in one line, with what to do if it is an option.
    var line: String { text + (limit.map { "; \($0.advice)" } ?? "") }
}

extension Delivery {
    /// Returns the command that repairs the findings, if there is one.
    package func remedy(for findings: [Finding]) -> [String] {
        findings.isEmpty ? [] : RepairCommand(self).map { [$0.text] } ?? []
    }
}

/// The command that sends only the messages that are missing of an input.
///
///     to repair: sluice send INPUT --queue-url URL --source 'orders.csv?size=40000000&modified=2026-11-26T12:00:00.000000000Z'
///     --max-bytes 4096 --records 91-180,300- --only manifest
struct RepairCommand {
    private let missing: Missing
    private let delivery: Delivery
    /// The options that the messages were made with; nil if no manifest states them.
    private let options: RunOptions?
    private let offloads: Bool

    /// Creates the command for a delivery. Returns nil if nothing is missing or sending can't help.
    init?(_ delivery: Delivery) {
        guard let missing = delivery.missing else { return nil }
        self.missing = missing
        self.delivery = delivery
        let configuration = delivery.identity?.configuration
        options = configuration.flatMap(RunOptions.init)
        offloads = configuration?.split(separator: ";").contains("oversize=offload") ?? false
    }

    /// The command as text. What the messages do not state is a placeholder for the user to fill in.
    var text: String {
        // Ids depend on the source: it must be the same, wherever the input is now.
        let source = ShellQuoting.option("source", delivery.source)
        let words =
            ["sluice", "send", delivery.wholeSource.object ?? "INPUT", "--queue-url", "URL"]
            + (NetworkOptions.paysForRequests ? ["--requester-pays"] : [])
            + (offloads ? ["--offload-bucket", "BUCKET"] : []) + source
            + (delivery.event.map { ["--event", $0.json] } ?? [])
            + made + selection
        let command = words.map(ShellQuoting.quoted).joined(separator: " ")
        return "to repair\(conditions.map { ", \($0)" }.joined()): \(command)"
    }

    /// The options that the messages were made with.
    private var made: [String] {
        guard let options else { return [] }
        return [options.dialect, options.rows, abbreviated, schema, options.messages, options.rejectWords].flatMap(
            \.self
        )
    }

    private var conditions: [String] {
        var conditions = missing.isEverything ? ["once the received messages are discarded"] : []
        if options == nil { conditions.append("with the options of the run that made them") }
        if let version = options?.libzstd { conditions.append("with a sluice that has libzstd \(version)") }
        conditions += (options?.abbreviated ?? []).map {
            $0 == "header" ? "with the names of their --header" : "with their --\($0)"
        }
        if options?.schema != nil { conditions.append("with the schema of that run") }
        return conditions
    }

    private var schema: [String] {
        guard let options, options.schema != nil else { return [] }
        let skipped = options.unchecked.map(\.constraint).joined(separator: ",")
        return ["--schema", "SCHEMA"] + (skipped.isEmpty ? [] : ["--skip-constraints", skipped])
    }

    private var abbreviated: [String] {
        (options?.abbreviated ?? []).flatMap { ["--\($0)", $0 == "header" ? "NAMES" : "LIST"] }
    }

    private var selection: [String] {
        if missing.isEverything { return [] }
        let ranges = missing.records.map { "\($0.lowerBound)-\($0.upperBound == .max ? "" : "\($0.upperBound)")" }
        let records = ranges.isEmpty ? [] : ["--records", ranges.joined(separator: ",")]
        let names = (missing.rejects ? ["rejects"] : []) + (missing.manifest ? ["manifest"] : [])
        return records + (names.isEmpty ? [] : ["--only", names.joined(separator: ",")])
    }
}
