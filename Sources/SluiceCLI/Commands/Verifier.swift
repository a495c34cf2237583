import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The options for what messages are compared with.
struct ComparisonOptions: ParsableArguments {
    @Option(help: "The messages' input: each message is recreated from it and compared.", completion: .file())
    var against: String?
    @Option(help: "With --against: the input's sluice.source, if the messages have several.")
    var source: String?
    @OptionGroup(title: "Row options") var rows: RowOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    func validate() throws {
        if source != nil, against == nil { throw ValidationError("--source requires --against") }
        // Report invalid options before anything is read.
        _ = (try dialect.dialect(), try dialect.inputEncoding(), try dialect.window(), try KernelChoice.kernel())
        _ = try rows.shape()
    }

    /// Whether one of the options is given whose values a configuration can abbreviate.
    fileprivate func gives(_ option: String) -> Bool {
        switch option {
        case "header": dialect.header != nil
        case "types": !rows.types.isEmpty
        case "null": !rows.nulls.isEmpty
        case "select": !rows.select.isEmpty
        case "drop": !rows.drop.isEmpty
        case "rename": !rows.rename.isEmpty
        case "nest": rows.nest != nil
        case "add-column": !rows.addColumn.isEmpty
        default: true
        }
    }

    /// Returns a verifier with these options.
    ///
    /// - Parameter maxBody: the most bytes of a body, and of what it unpacks to.
    func verifier(maxBody: Int, threads: ThreadOption) throws -> Verifier {
        var converter = CSVConverter(threads: threads.count, kernel: try KernelChoice.kernel())
        converter.needsEscapedBodies = true
        converter.remoteInputs = RemoteInputs.current
        return Verifier(converter: converter, options: self, maxBody: maxBody)
    }
}

/// Verifies that messages hold all of an input, once.
package struct Verifier {
    fileprivate let converter: CSVConverter
    fileprivate let options: ComparisonOptions
    /// The most bytes of a body, and of what it unpacks to.
    package let maxBody: Int

    /// Verifies the messages from a place, and returns whether all are complete. Prints which inputs are complete to
    /// standard output, and the findings about others to standard error.
    ///
    /// With an input, bodies that equal what it makes need not be read. So they are compared first, and read only if there is
    /// a difference: a damaged body is then reported as such.
    package func holds(for archive: MessageArchive, from place: String) throws(Failure) -> Bool {
        var check = try Check(archive, from: place, by: self, countsRows: options.against == nil)
        var comparison = Result<Comparison?, Failure>.success(nil)
        if let input = options.against, !check.deliveries.isEmpty {
            comparison = compare(archive, check, with: input)
            var isProven = false
            if case .success(let result?) = comparison { isProven = result.difference == nil }
            if !isProven || check.deliveries.count > 1 {
                check = try Check(archive, from: place, by: self, countsRows: true)
            }
        }
        for finding in check.findings { System.printError(finding) }
        // Where all messages lack something, that is why they can't be compared.
        let compared = check.complete.isEmpty ? nil : try comparison.get()
        var holds = check.findings.isEmpty
        for delivery in check.complete {
            let isCompared = delivery.source == compared?.source
            if isCompared, let difference = compared?.difference {
                System.printError("\(TerminalText.name(options.against ?? "")): \(difference)")
                holds = false
            } else {
                try StandardOutput.write(summary(of: delivery, isCompared: isCompared))
            }
        }
        return holds
    }

    /// What was found in an archive without an input.
    private struct Check {
        var deliveries: [Delivery]
        /// Those without a finding.
        var complete: [Delivery] = []
        var findings: [String]

        init(_ archive: MessageArchive, from place: String, by verifier: Verifier, countsRows: Bool) throws(Failure) {
            deliveries = try Failure.naming(place) { () throws(SluiceError) in
                try Delivery.all(
                    in: archive,
                    limit: verifier.maxBody,
                    countsRows: countsRows,
                    kernel: verifier.converter.kernel,
                    threads: verifier.converter.threads
                )
            }
            findings = deliveries.isEmpty ? ["there are no messages"] : []
            for index in deliveries.indices {
                let found = deliveries[index].check()
                let lines = found.map(\.line).listed + deliveries[index].remedy(for: found)
                findings += lines.map { "\(TerminalText.name(deliveries[index].source)): \($0)" }
                if found.isEmpty { complete.append(deliveries[index]) }
            }
        }
    }

    /// The source whose messages were compared, and how they differ from the input.
    private struct Comparison {
        var source: String
        var difference: String?
    }

    /// Compares messages with an input. Returns nil if what they lack is known without it.
    private func compare(
        _ archive: MessageArchive,
        _ check: Check,
        with input: String
    ) -> Result<Comparison?, Failure> {
        Result { () throws(Failure) in
            let delivery = try chosen(of: check.deliveries)
            guard check.complete.contains(where: { $0.source == delivery.source }) else { return nil }
            let difference = try compare(archive, delivery, with: input)
            return Comparison(source: delivery.source, difference: difference)
        }
    }

    /// Returns the messages that the input is compared with.
    private func chosen(of deliveries: [Delivery]) throws(Failure) -> Delivery {
        let found = deliveries.filter { options.source == nil || $0.source == options.source }
        if found.count == 1 { return found[0] }
        let sources = deliveries.map { TerminalText.name($0.source) }.joined(separator: ", ")
        if let source = options.source {
            let name = TerminalText.name(source)
            throw usage("there are no messages of the source \(name), only of \(sources)")
        }
        throw usage("the messages are of several sources; to choose one: --source; the sources are \(sources)")
    }

    /// Makes the messages again, with their source and configuration, and returns what differs, or nil.
    private func compare(
        _ archive: MessageArchive,
        _ delivery: Delivery,
        with input: String
    ) throws(Failure) -> String? {
        let converter = try remaking(delivery)
        var comparison = MessageComparison(delivery, in: archive, maxBody: maxBody)
        try Failure.naming(input) { () throws(SluiceError) in
            try converter.messages(file: input, under: delivery.wholeSource, to: &comparison)
        }
        return comparison.difference
    }

    /// Returns a conversion that makes messages as these were made.
    private func remaking(_ delivery: Delivery) throws(Failure) -> CSVConverter {
        let configuration = delivery.identity?.configuration ?? ""
        guard let run = RunOptions(configuration) else {
            throw refusal("the messages were made by another version of sluice, or by a library: \(configuration)")
        }
        if let version = run.libzstd {
            throw refusal(
                "the messages were compressed by libzstd \(version), and this program has \(Identity.zstdVersion)"
            )
        }
        var converter = converter
        let schema = try schema(of: delivery, run)
        do {
            let (own, messages) = (try DialectOptions.parse(run.dialect), try MessageOptions.parse(run.messages))
            converter.dialect = try options.dialect.dialect(over: try own.dialect())
            converter.encoding = try options.dialect.inputEncoding(over: try own.inputEncoding())
            converter.maxWindow = try options.dialect.window()
            converter.shape = try options.rows.shape(over: try RowOptions.parse(run.rows).shape())
            converter.shape.schema = schema
            converter.messageFormat = try messages.format()
            converter.rejects = run.rejects
        } catch {
            throw refusal("the configuration of the messages is invalid: \(configuration)")
        }
        if converter.identity(SourceName(delivery.source)).configuration == configuration { return converter }
        guard converter.shape.schema?.digest == run.schema else {
            throw usage("the schema given is not the one that the messages were made with")
        }
        if let option = run.abbreviated.first(where: { !options.gives($0) }) {
            let what = option == "header" ? "their column names; give the names" : "their --\(option); give it"
            throw usage("the messages hold only a digest of \(what) again: --\(option)")
        }
        let words = (run.dialect + run.rows).map(ShellQuoting.quoted).joined(separator: " ")
        throw usage(
            "the CSV options given are not those that the messages were made with, which --against takes from them: "
                + (words.isEmpty ? "none" : words)
        )
    }

    /// Returns the schema that the options name, or else the one in the manifest.
    private func schema(of delivery: Delivery, _ run: RunOptions) throws(Failure) -> TableSchema? {
        do {
            if let given = try options.dialect.schema.load() { return given.table }
        } catch {
            throw error as? Failure ?? usage("\(error)")
        }
        guard run.schema != nil else { return nil }
        guard let text = delivery.schemaText, var schema = try? Schema(json: text).table else {
            throw usage("the messages hold only a digest of their schema; give it again: --schema")
        }
        schema.unchecked = run.unchecked
        return schema
    }

    private func usage(_ text: String) -> Failure {
        Failure(.unusable(text), input: options.against ?? "", isUsage: true)
    }

    private func refusal(_ text: String) -> Failure { Failure(.unusable(text), input: options.against ?? "") }

    private func summary(of delivery: Delivery, isCompared: Bool) -> String {
        let counts =
            [Measure.count(delivery.parts.count, "message"), Measure.count(delivery.rows, "row")]
            + rejected(of: delivery) + ["bytes 0-\(delivery.bytes)"]
        let what =
            if delivery.rejectedRows == 0 { "every row" } else if delivery.rejects.isEmpty {
                "every row that was not rejected"
            } else { "every row and reject" }
        return "\(TerminalText.name(delivery.source)): complete: "
            + (counts + (isCompared ? ["\(what) as in the input"] : [])).joined(separator: ", ")
    }

    /// `7 rejected records in 2 messages`, or where the records are not in messages `7 rejected records`.
    private func rejected(of delivery: Delivery) -> [String] {
        let count = delivery.rejectedRows
        if count == 0 { return [] }
        if delivery.rejectTally.isEmpty { return [Measure.count(count, "rejected row")] }
        let messages = delivery.rejects.count
        let place = messages == 0 ? "" : " in \(Measure.count(messages, "message"))"
        return [Measure.count(count, "rejected record") + place]
    }
}
