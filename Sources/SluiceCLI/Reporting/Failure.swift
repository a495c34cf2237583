import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// An error and the input that was being read: everything that an error message states.
package struct Failure: Error {
    package var error: SluiceError
    var input: String
    /// Whether the error is one of usage: the options do not fit the data that was read.
    private let isUsage: Bool

    package init(_ error: SluiceError, input: String, isUsage: Bool = false) {
        self.error = error
        self.input = input
        self.isUsage = isUsage
    }

    package var exitStatus: Int32 { isUsage ? ExitStatus.usage : error.exitStatus }

    /// The error in one line, whatever characters its names contain:
    ///
    ///     orders.csv:5: error: quote inside an unquoted field [quoteInPlain] (record 3, field 2 "note", byte 41); to accept …
    package var text: String {
        if case .undelivered(let cause, let loss) = error {
            return [cause, loss].map { Failure($0, input: input).text }.joined(separator: "\n")
        }
        guard case .badData(let fault) = error else { return "\(TerminalText.name(file)): error: \(message)" }
        return fault.text(as: "error", in: file) + (fault.advice(for: word).map { "; \($0)" } ?? "")
    }

    /// The error as JSON. Line, record, field and offset are omitted if the error has no place in the data.
    ///
    ///     {"error":{"code":"quoteInPlain","line":5,"record":3,"field":2,"column":"note","offset":41,"file":"orders.csv",
    ///     "message":"…","advice":"…"}}
    var json: String { JSONWriter.object([member]) }

    /// The warning that a row is left out:
    ///
    ///     orders.csv:5: warning: row is too large for a message [rowTooLarge] (record 3, byte 41); it is left out
    var warning: String {
        guard case .badData(let fault) = error else { return text }
        return "\(fault.text(as: "warning", in: file)); it is left out"
    }

    /// The warning as JSON, `{"warning":{…}}`, with the members of an error except the advice.
    var warningJSON: String {
        JSONWriter.object([("warning", JSONWriter.object(details.filter { $0.name != "advice" }))])
    }

    /// The member `error` of ``json``.
    var member: (name: String, json: String) { ("error", JSONWriter.object(details)) }

    /// Does `work`, and attributes its error to an input.
    package static func naming<Result>(
        _ input: String,
        _ work: () throws(SluiceError) -> Result
    ) throws(Failure) -> Result {
        do throws(SluiceError) { return try work() } catch { throw Failure(error, input: input) }
    }

    private var details: [(name: String, json: String)] {
        if case .undelivered(let cause, let loss) = error {
            let undelivered = JSONWriter.object(Failure(loss, input: input).details)
            return Failure(cause, input: input).details + [("undelivered", undelivered)]
        }
        let members =
            if case .badData(let fault) = error { fault.members } else {
                [(name: "code", json: JSONWriter.string(code))]
            }
        return members + [("file", JSONWriter.string(file)), ("message", JSONWriter.string(message))] + advice
    }

    private var advice: [(name: String, json: String)] {
        guard case .badData(let fault) = error, let advice = fault.advice(for: word) else { return [] }
        return [("advice", JSONWriter.string(advice))]
    }

    private var code: String {
        switch error {
        case .badData(let fault): fault.code.rawValue
        case .service(let fault): fault.code
        case .unusable, .overLimit: "unusable"
        case .misuse: "usage"
        case .outOfMemory: "outOfMemory"
        case .inputChanged, .wrongSize: "inputChanged"
        case .interrupted: "interrupted"
        case .input, .output, .noInput, .undelivered:
            switch error.exitStatus {
            case ExitStatus.noInput: "noInput"
            case ExitStatus.cannotCreate: "cannotCreate"
            default: "io"
            }
        }
    }

    private var word: InputWord { InputWord(input) }

    /// The file that the error concerns: an input, or the output.
    private var file: String {
        switch error {
        case .output(let fault): fault.path
        case .service(let fault): fault.resource
        case .badData, .input, .noInput, .unusable, .overLimit, .misuse, .outOfMemory, .inputChanged, .wrongSize,
            .interrupted, .undelivered:
            OpenedInput.title(of: input)
        }
    }

    private var message: String {
        switch error {
        case .badData(let fault): fault.reason
        case .inputChanged:
            "it changed while it was read; discard what was written, and read it again when nothing writes to it"
        case .output(let fault) where fault.operation == "create" && fault.code == System.alreadyExists:
            "it already exists; "
                + (Rerun().replacesFiles ? "to replace it: --force" : "remove it first, or name another")
        case .output(let fault) where fault.operation == "create" && fault.code == System.isNotEmpty:
            "it contains files other than messages, which are not replaced; name another directory"
        case .output(let fault) where fault.operation == SystemFault.keepingOwner:
            "its replacement can't have the same owner, group and mode: \(System.message(for: fault.code)); "
                + "remove it first, or name another"
        case .wrongSize: error.description
        case .input(let fault), .output(let fault): "\(fault.operation): \(System.message(for: fault.code))"
        case .service(let fault): fault.message
        case .outOfMemory: "there is not enough memory; \(SluiceError.memoryAdvice)"
        case .overLimit(let limit, let reason): "\(reason); \(limit.advice)"
        case .noInput(let reason), .unusable(let reason), .misuse(let reason): reason
        case .interrupted(let signal):
            "ended by \(System.name(ofSignal: signal)); the same command can be run again"
        case .undelivered(let cause, _): Failure(cause, input: input).message
        }
    }
}

extension CSVError {
    /// Returns ``text(as:)`` with the input before it: `orders.csv:5: error: …`, or `orders.csv: error: …` without a line.
    package func text(as kind: String, in file: String) -> String {
        "\(TerminalText.name(file)):\(line == nil ? " " : "")\(text(as: kind))"
    }
}
