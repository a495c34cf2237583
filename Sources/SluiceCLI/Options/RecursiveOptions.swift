import ArgumentParser
import SluiceEngine
import SluicePlatform

/// Options for taking all objects below a prefix.
package struct RecursiveOptions: ParsableArguments {
    @Flag(help: "Take all objects whose keys start with that of the INPUT s3://bucket/prefix.") package var recursive =
        false
    @Option(
        help: ArgumentHelp(
            "With --recursive: take only keys that end so, '' for all; repeat it for more. The default is .csv and .CSV.",
            valueName: "text"
        )
    )
    var suffix: [String] = []
    @Option(
        help: ArgumentHelp(
            "With --recursive: take only objects written at this time or later, 2026-01-31 or 2026-01-31T12:00:00Z.",
            valueName: "time"
        )
    )
    var since: String?

    package init() {}

    package func validate() throws {
        guard recursive || suffix.isEmpty && since == nil else {
            throw ValidationError("--suffix and --since require --recursive")
        }
        if since != nil, time == nil {
            throw ValidationError("--since takes a time such as 2026-01-31 or 2026-01-31T12:00:00Z")
        }
    }

    /// Returns the objects to take; nil if inputs are just what they name.
    package func selection(of inputs: [String]) throws(ValidationError) -> ObjectSelection? {
        guard recursive else { return nil }
        let suffixes = suffix.isEmpty ? ObjectSelection.usualSuffixes : suffix
        guard inputs.count == 1, let selection = ObjectSelection(inputs[0], suffixes: suffixes, since: time) else {
            throw ValidationError("--recursive takes one INPUT, s3://bucket/prefix")
        }
        return selection
    }

    /// Returns the inputs themselves, or with `--recursive` the objects to take.
    func expanded(_ inputs: [String]) throws -> [String] {
        guard let selection = try selection(of: inputs), let provider = RemoteInputs.current else { return inputs }
        let objects = try provider.objects(selection)
        if objects.isEmpty { throw selection.nothing }
        return objects
    }

    private var time: Timestamp? { since.flatMap { Timestamp(iso: $0) ?? Timestamp(iso: "\($0)T00:00:00Z") } }
}
