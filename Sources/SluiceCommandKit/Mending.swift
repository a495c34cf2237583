import Sluice

extension Delivery {
    /// What to do about findings, if something can be done.
    package func remedy(for findings: [String]) -> [String] {
        findings.isEmpty ? [] : Mending(self).map { [$0.text] } ?? []
    }
}

/// The command that sends what is missing of an input, so that it need not be sent as a whole.
///
///     to mend: sluice send INPUT --queue-url URL --max-bytes 4096 --records 91-180,300- --only manifest
struct Mending {
    private let missing: Missing
    /// What the messages' attribute says.
    private let source: String
    /// Nil: there is no manifest that says what the messages are of.
    private let identity: Identity?

    /// Nil: nothing is missing, or sending can't help.
    init?(_ delivery: Delivery) {
        guard let missing = delivery.missing else { return nil }
        self.missing = missing
        source = delivery.source
        identity = delivery.identity
    }

    /// What the user does not tell is left for him to fill in.
    var text: String {
        let options = identity.flatMap { RunOptions($0.configuration) }
        let words =
            ["sluice", "send", input, "--queue-url", "URL"] + bucket + name + (options?.words ?? []) + selection
        let condition = options == nil ? ", with the options of the run that made them" : ""
        return "to mend\(condition): \(words.joined(separator: " "))"
    }

    /// The name of an object that its source tells; of a file, its source tells the last part only.
    private var input: String { identity?.source.object.map(ShellText.quoted) ?? "INPUT" }

    /// Where rows go that fit no message, which they do not tell themselves.
    private var bucket: [String] {
        let settings = identity?.configuration.split(separator: ";") ?? []
        return settings.contains("oversize=offload") ? ["--offload-bucket", "BUCKET"] : []
    }

    /// The same bytes have the same ids under the same source only, wherever the input lies now.
    private var name: [String] { ShellText.option("source", source) }

    private var selection: [String] {
        let ranges = missing.records.map { "\($0.lowerBound)-\($0.upperBound == .max ? "" : "\($0.upperBound)")" }
        let records = ranges.isEmpty ? [] : ["--records", ranges.joined(separator: ",")]
        return records + (missing.manifest ? ["--only", "manifest"] : [])
    }
}
