import ArgumentParser
import SluiceEngine
import SluicePlatform

/// Options for the size, format and source of messages, and for which of them to write.
package struct MessageOptions: ParsableArguments {
    @Option(help: "Maximum size of a message, attributes included: 4096 to 1048576 bytes; the default is 256KiB.")
    var maxBytes: String?
    @Option(help: "Format of a body: one JSON array, or one row per line.")
    var messageFormat: MessageFormat.Text = .json
    @OptionGroup var zstd: ZstdOption
    @Option(
        help: """
            A row too large for a message: error ends the run, reject leaves it out and counts it, offload makes a \
            larger message, whose body send puts into S3.
            """
    )
    var oversize: MessageFormat.Oversize = .error
    @Option(
        help: """
            The whole sluice.source, once for each INPUT in order. The default is a file's name, size and time, an \
            object's address and version, or a name and random digits.
            """
    )
    package var source: [String] = []
    @Flag(help: "Read the whole input first, and write no message if it is invalid.")
    package var validateFirst = false
    @Option(
        help: ArgumentHelp(
            "Write only the messages with these values of sluice.index; rejects are those of rejected records, manifest is the last.",
            valueName: "list"
        ),
        completion: .list(["manifest", "rejects"])
    )
    var only: String?
    @Option(
        help: ArgumentHelp("Write only messages with these records: N, FIRST-LAST or FIRST-.", valueName: "list")
    )
    var records: String?

    package init() {}

    /// Returns which messages to write; nil means all.
    package func selection() throws -> MessageSelection? { try MessageSelection(only: only, records: records) }

    /// Throws if a source is invalid, or if `--validate-first` would have to read an input twice that can be read only
    /// once.
    package func check(_ inputs: [String]) throws {
        try checkNames(for: inputs)
        guard validateFirst else { return }
        for input in inputs where Self.canBeReadOnlyOnce(input) {
            throw ValidationError("--validate-first reads an input twice, which \(input) does not allow")
        }
    }

    /// Whether an input is a pipe or the like, which can't be read a second time.
    static func canBeReadOnlyOnce(_ input: String) -> Bool { input == "-" || System.entry(at: input) == .other }

    /// Throws if a source is invalid, or if there is not one for each input.
    func checkNames(for inputs: [String]) throws {
        guard source.isEmpty || source.count == inputs.count else {
            let times = Measure.count(inputs.count, "time")
            throw ValidationError("--source must be given once for each INPUT: \(times), not \(source.count)")
        }
        for name in source where SourceName(given: name) == nil {
            throw ValidationError("--source takes \(SourceName.rule)")
        }
    }

    /// Throws, before anything is read, if two inputs have the same source: their messages could not be told apart.
    package func checkSources(of inputs: [String], _ converter: CSVConverter) throws {
        for (input, given) in zip(inputs, source) { try checkContent(of: input, named: given, converter) }
        guard inputs.count > 1 else { return }
        let sources = source.isEmpty ? inputs.map { converter.pinnedSource(of: $0)?.whole } : source.map(Optional.some)
        var inputOf: [String: String] = [:]
        for (input, source) in zip(inputs, sources) {
            guard let source else { continue }
            guard let other = inputOf.updateValue(input, forKey: source) else { continue }
            throw ValidationError(
                "\(other) and \(input) have the same source, \(source); to tell their messages apart, give each its own: "
                    + inputs.indices.map { "--source NAME\($0 + 1)" }.joined(separator: " ")
            )
        }
    }

    /// Throws if the given source pins other bytes of this object, by an ETag: rows of these bytes would pass for those.
    private func checkContent(of input: String, named given: String, _ converter: CSVConverter) throws {
        guard given.contains("?etag="), let object = SourceName.start(ofObject: given),
            let present = converter.pinnedSource(of: input)?.attribute,
            present != given, SourceName.start(ofObject: present) == object
        else { return }
        throw ValidationError("\(TerminalText.name(input)) has changed: it is \(present) now, and not \(given)")
    }

    package func format() throws -> MessageFormat {
        let range = MessageFormat.limits
        guard let limit = maxBytes.map({ ByteCount.parse($0, in: range) }) ?? MessageFormat.sqs.limit else {
            throw ValidationError("--max-bytes takes \(ByteCount.expectation(range))")
        }
        return MessageFormat(limit: limit, text: messageFormat, compression: zstd.level, oversize: oversize)
    }
}

extension MessageFormat.Text: ExpressibleByArgument {}
extension MessageFormat.Oversize: ExpressibleByArgument {}
