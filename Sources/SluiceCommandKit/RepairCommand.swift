import Sluice

extension Delivery {
    /// What to do about findings, if something can be done.
    package func remedy(for findings: [String]) -> [String] {
        findings.isEmpty ? [] : RepairCommand(self).map { [$0.text] } ?? []
    }
}

/// The command that sends what is missing of an input, so that it need not be sent as a whole.
///
///     to repair: sluice send INPUT --queue-url URL --source 'orders.csv?size=40000000&modified=2026-11-26T12:00:00.000000000Z'
///     --max-bytes 4096 --records 91-180,300- --only manifest
struct RepairCommand {
    private let missing: Missing
    private let delivery: Delivery
    /// Nil: there is no manifest that says how the messages were made.
    private let options: RunOptions?
    private let offloads: Bool

    /// Nil: nothing is missing, or sending can't help.
    init?(_ delivery: Delivery) {
        guard let missing = delivery.missing else { return nil }
        self.missing = missing
        self.delivery = delivery
        let configuration = delivery.identity?.configuration
        options = configuration.flatMap(RunOptions.init)
        offloads = configuration?.split(separator: ";").contains("oversize=offload") ?? false
    }

    /// What messages do not tell is left for the user to fill in.
    var text: String {
        // The same bytes have the same ids under the same source only, wherever the input lies now.
        let source = ShellQuoting.option("source", delivery.source)
        let words =
            ["sluice", "send", delivery.wholeSource.object ?? "INPUT", "--queue-url", "URL"]
            + (offloads ? ["--offload-bucket", "BUCKET"] : []) + source
            + (options.map { $0.dialect + header + $0.messages } ?? []) + selection
        let command = words.map(ShellQuoting.quoted).joined(separator: " ")
        return "to repair\(conditions.map { ", \($0)" }.joined()): \(command)"
    }

    private var conditions: [String] {
        var conditions = missing.isEverything ? ["once the messages that came are discarded"] : []
        if options == nil { conditions.append("with the options of the run that made them") }
        if let version = options?.libzstd { conditions.append("with a sluice that has libzstd \(version)") }
        if options?.header != nil { conditions.append("with the names of their --header") }
        return conditions
    }

    private var header: [String] { options?.header == nil ? [] : ["--header", "NAMES"] }

    private var selection: [String] {
        if missing.isEverything { return [] }
        let ranges = missing.records.map { "\($0.lowerBound)-\($0.upperBound == .max ? "" : "\($0.upperBound)")" }
        let records = ranges.isEmpty ? [] : ["--records", ranges.joined(separator: ",")]
        return records + (missing.manifest ? ["--only", "manifest"] : [])
    }
}
