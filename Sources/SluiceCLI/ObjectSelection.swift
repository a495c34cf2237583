import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The objects that a command with `--recursive` takes.
package struct ObjectSelection: Sendable, Hashable {
    package var bucket: String
    /// What keys start with; it may be empty.
    package var prefix: String
    /// What keys end with: one of these.
    package var suffixes: [String]
    /// When objects were written, at the earliest.
    package var since: Timestamp?

    package static let usualSuffixes = [".csv", ".CSV"]

    /// Creates a selection below `s3://bucket/prefix`. Returns nil if the text has another form.
    package init?(_ address: String, suffixes: [String], since: Timestamp?) {
        guard address.hasPrefix("s3://") else { return nil }
        let parts = address.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first, !bucket.isEmpty else { return nil }
        self.bucket = String(bucket)
        prefix = parts.count == 2 ? String(parts[1]) : ""
        self.suffixes = suffixes
        self.since = since
    }

    package func contains(_ key: String, modified: Timestamp) -> Bool {
        suffixes.contains(where: key.hasSuffix) && since.map { modified >= $0 } ?? true
    }

    /// The prefix as `s3://bucket/prefix`.
    package var address: String { "s3://\(bucket)/\(prefix)" }

    /// The error that there are no such objects.
    package var nothing: Failure {
        let ends = suffixes.map { "'\(TerminalText.name($0))'" }.joined(separator: " or ")
        let time = since.map { " and was written since \($0.extended)Z" } ?? ""
        return Failure(.noInput("no object's key starts so and ends with \(ends)\(time)"), input: address)
    }
}

extension ObjectSelection {
    /// The members of its JSON object: `"prefix":"s3://inbox/2026/","suffixes":[".csv"],"since":"2026-01-31T12:00:00Z"`.
    var members: [(name: String, json: String)] {
        let since = since.map { [(name: "since", json: "\"\($0.extended)Z\"")] } ?? []
        return [
            ("prefix", JSONWriter.string(address)), ("suffixes", JSONWriter.array(suffixes.map(JSONWriter.string))),
        ] + since
    }

    /// Reads those members. Returns nil if one is invalid.
    init?(_ value: JSONValue) {
        guard let address = value["prefix"]?.text, let suffixes = value["suffixes"]?.elements?.map(\.text),
            !suffixes.contains(nil)
        else { return nil }
        let since = value["since"]?.text.flatMap(Timestamp.init(iso:))
        if value["since"] != nil, since == nil { return nil }
        self.init(address, suffixes: suffixes.compactMap(\.self), since: since)
    }
}
