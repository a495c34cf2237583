import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluicePlatform

/// The options for records that break a rule: where they go, and how many may.
package struct RejectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Put bad records aside and go on: a line of JSON for each, with its place, what is wrong and its bytes, to a file or \
            stderr; for messages and send also messages, which go where the rows go. Example: --rejects bad.ndjson
            """,
            valueName: "path"
        ),
        completion: .file()
    )
    package var rejects: String?
    @Option(
        help: ArgumentHelp(
            "End the run if more physical lines are rejected, or more than this share: --max-rejects 100, --max-rejects 0.5%.",
            valueName: "n"
        )
    )
    var maxRejects: String?
    @Flag(help: "Exit with status 0 instead of 3 if records were rejected.") package var allowRejected = false

    package init() {}

    package func validate() throws {
        if rejects == "" { throw ValidationError("--rejects takes a path, stderr or messages") }
        if rejects == nil, maxRejects != nil { throw ValidationError("--max-rejects requires --rejects") }
    }

    /// Sets how the converter treats bad records. Returns the file that their lines go to; nil if there is none.
    ///
    /// - Parameters:
    ///   - output: the path of the run's other output, which the file must not be.
    ///   - canSend: whether `messages` means messages.
    ///   - force: whether a file is replaced.
    ///   - checkpoint: the file from which another run can continue this one.
    package func apply(
        to converter: inout CSVConverter,
        inputs: [String],
        output: String? = nil,
        canSend: Bool = false,
        force: Bool = false,
        checkpoint: String? = nil
    ) throws -> RejectFile? {
        guard let rejects else {
            guard converter.dialect.unterminated == .nextLine else { return nil }
            throw ValidationError("--unterminated next-line requires --rejects")
        }
        converter.rejects = try rules()
        if rejects == "messages", canSend { return nil }
        let partial = GrowingFile.partial(of: rejects)
        let others = ([output, checkpoint].compactMap(\.self)).flatMap { [($0, rejects), ($0, partial)] }
        if rejects == "-" || others.contains(where: OutputFile.areSame) {
            throw ValidationError("--rejects must be a file of its own; to see rejects: --rejects stderr")
        }
        let growth: RejectFile.Growth =
            if let checkpoint { System.entry(at: checkpoint) == .nothing ? .restarts : .continues } else { .none }
        let file = try RejectFile(rejects, replaces: force, besides: InputIdentities(inputs), growth: growth)
        converter.rejectLog = file
        return file
    }

    private func rules() throws -> RejectRules {
        guard let maxRejects else { return RejectRules() }
        guard let rules = RejectRules(limit: maxRejects) else {
            throw ValidationError("--max-rejects takes a number of lines or a share such as 0.5%, not '\(maxRejects)'")
        }
        return rules
    }
}
