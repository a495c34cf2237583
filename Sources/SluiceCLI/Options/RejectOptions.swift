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
        )
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
    ///   - canSend: whether `messages` means messages.
    ///   - outputs: the paths of the run's other outputs, which the file must not be.
    package func apply(
        to converter: inout CSVConverter,
        inputs: [String],
        outputs: [String],
        canSend: Bool = false,
        force: Bool = false
    ) throws -> RejectFile? {
        guard let rejects else {
            guard converter.dialect.unterminated == .nextLine else { return nil }
            throw ValidationError("--unterminated next-line requires --rejects")
        }
        converter.rejects = try rules()
        if rejects == "messages", canSend { return nil }
        if rejects == "-" || outputs.contains(rejects) {
            throw ValidationError("--rejects must not be the output; to see them: --rejects stderr")
        }
        let file = try RejectFile(rejects, replaces: force, inputs: inputs)
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

/// The file that the lines of rejected records go to. It appears when the run ends, also if the run ends with bad data: it then says
/// what is wrong.
package final class RejectFile: RejectLog, @unchecked Sendable {
    // Sendable because one thread at a time uses it.
    private let path: String
    private let output: OutputFile?
    private var sink: DescriptorSink

    init(_ path: String, replaces: Bool, inputs: [String]) throws(Failure) {
        self.path = path
        if path == "stderr" {
            (output, sink) = (nil, DescriptorSink(descriptor: 2, path: "standard error"))
            return
        }
        let identities = InputIdentities(inputs)
        try identities.check(output: path)
        let file = try Failure.naming(path) { () throws(SluiceError) in
            try OutputFile(path, replaces: replaces, besides: identities.all, isRemovedOnSignal: false)
        }
        (output, sink) = (file, file.sink)
    }

    package func write(_ lines: [UInt8]) throws(SluiceError) { try sink.write(lines) }

    /// Completes the file.
    package func commit() throws(Failure) {
        try Failure.naming(path) { () throws(SluiceError) in
            try sink.finish()
            try output?.commit()
        }
    }

    package func discard() { output?.discard() }
}
