import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// Runs a command's work, and reports progress, errors and a summary on standard error.
///
///     let reporter = Reporter(options, inputs: inputs, of: sluice)
///     try reporter.run { meter throws(Failure) in … }
///
/// With `--summary json` every line is one JSON object: `{"error":{…}}` for an error that the run survives,
/// `{"warning":{…}}` for a row that is left out, and at the end the counts, after the error if one ended the run:
/// `{"error":{…},"rows":2,…}`.
package final class Reporter {
    private let meter = Meter()
    private let options: ReportOptions
    private let inputs: [String]
    private let kernel: String
    private let threads: Int
    private let schema: TableSchema?
    private let allowsRejected: Bool
    /// Whether the run continues one that rejected records. The status is that of both.
    package var continuesAfterRejects = false
    /// The objects of a run with `--recursive` that are done.
    package var objects: CheckpointFile.DoneObjects?
    private var display: ProgressDisplay?
    private var status: Int32 = 0
    private var leftOut: UInt64 = 0

    /// - Parameter allowsRejected: whether a run that left out rows ends with the same status as one that did not.
    package init(
        _ options: ReportOptions,
        inputs: [String],
        of converter: CSVConverter,
        allowsRejected: Bool = false
    ) {
        self.options = options
        self.inputs = inputs
        kernel = converter.kernel.name
        threads = converter.threads
        schema = converter.shape.schema
        self.allowsRejected = allowsRejected
    }

    /// Does the work, reports on it, and throws an `ExitCode` unless the status is 0.
    ///
    /// - Parameters:
    ///   - showsProgress: false if rows go to the terminal; progress is then only logged.
    ///   - rejects: the file of rejected records.
    ///   - work: updates the meter as it proceeds.
    package func run(
        showsProgress: Bool = true,
        rejects: RejectFile? = nil,
        _ work: (Meter) throws(Failure) -> Void
    ) throws(ExitCode) {
        let clock = ContinuousClock()
        let start = clock.now
        if showsProgress && rejects?.isTerminal != true || options.progress == .log {
            display = ProgressDisplay(options.progress, meter: meter, inputs: inputs)
        }
        var failure: Failure?
        do throws(Failure) { try work(meter) } catch { failure = error }
        // The rejects before bad data say why it is bad.
        if failure == nil || failure?.exitStatus == ExitStatus.badData {
            do throws(Failure) { try rejects?.commit() } catch { failure = failure ?? error }
        }
        rejects?.discard()
        display?.end()
        if leftOut > Self.mostWarnings {
            let count = leftOut - Self.mostWarnings
            sayCount(
                count,
                "\(Measure.count(count, "further row")) \(count == 1 ? "is" : "are") left out",
                "rowTooLarge"
            )
        }
        if let failure { status = failure.error.exitStatus }
        if let objects, objects.failed > 0 { status = max(status, ExitStatus.badData) }
        if status == 0, meter.rejected > 0 || continuesAfterRejects, !allowsRejected {
            status = ExitStatus.doneWithRejectedRows
        }
        if status != ExitStatus.closedPipe {
            for (input, delimiter) in meter.hints { sayHint(delimiter, input) }
            let summary = RunSummary(
                meter,
                kernel: kernel,
                threads: threads,
                schema: schema,
                objects: objects,
                elapsed: clock.now - start
            )
            sayEnd(failure, summary)
        }
        if status != 0 { throw ExitCode(status) }
    }

    /// Reports an error that does not end the run.
    package func report(_ failure: Failure) {
        status = max(status, failure.error.exitStatus)
        say(options.summary == .json ? failure.json : failure.text)
    }

    /// Warns of a row that was left out. The first ten are printed, the others counted.
    package func reportRejected(_ error: CSVError) {
        leftOut += 1
        guard leftOut <= Self.mostWarnings else { return }
        let failure = Failure(.badData(error), input: meter.input)
        say(options.summary == .json ? failure.warningJSON : failure.warning)
    }

    private static let mostWarnings: UInt64 = 10

    /// Reports how many inputs follow the one that ended the run.
    private func sayUnread(after input: String) {
        guard let last = inputs.firstIndex(of: input), last + 1 < inputs.count else { return }
        let count = inputs.count - last - 1
        let text = "\(Measure.count(count, "further input")) \(count == 1 ? "was" : "were") not read"
        sayCount(UInt64(count), text, "notRead")
    }

    private func sayCount(_ count: UInt64, _ message: String, _ code: String) {
        warn("sluice", message, [("code", JSONWriter.string(code)), ("count", "\(count)")])
    }

    /// Prints a warning about a place, with these members before its message if it is JSON.
    private func warn(_ place: String, _ message: String, _ members: [(name: String, json: String)]) {
        let warning = JSONWriter.object(members + [("message", JSONWriter.string(message))])
        let json = TerminalText.json(JSONWriter.object([("warning", warning)]))
        System.printError(
            options.summary == .json ? json : "\(TerminalText.name(place)): warning: \(message)"
        )
    }

    private func say(_ line: String) {
        let line = options.summary == .json ? TerminalText.json(line) : line
        if let display { display.say(line) } else { System.printError(line) }
    }

    private func sayHint(_ delimiter: [UInt8], _ input: String) {
        let quoted = "'\(String(decoding: delimiter, as: UTF8.self))'"
        let (title, word) = delimiter == [UInt8(ascii: "\t")] ? ("a tab", "tab") : (quoted, quoted)
        let hint = "the header has one column and contains \(title): --delimiter \(word)?"
        let file = OpenedInput.title(of: input)
        warn(file, hint, [("file", JSONWriter.string(file))])
    }

    private func sayEnd(_ failure: Failure?, _ summary: RunSummary) {
        if let failure, options.summary != .json { System.printError(failure.text) }
        if let failure { sayUnread(after: failure.input) }
        switch options.summary {
        case .none: break
        case .text: System.printError(summary.text)
        case .json:
            let object = JSONWriter.object((failure.map { [$0.member] } ?? []) + summary.members)
            System.printError(TerminalText.json(object))
        }
    }
}
