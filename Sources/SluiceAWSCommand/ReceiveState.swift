import SluiceAWS
import SluiceCLI
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// What has been received from a queue: which messages, and how much of each input. It decides about each message as it
/// arrives; ``Delivery`` proves later, from ranges and ids, that nothing is missing.
struct ReceiveState {
    /// What to do with a message.
    struct Decision: Sendable {
        /// Whether to delete it once the rows are written.
        var isDone = false
        var rows: [UInt8] = []
        /// The lines of rejected records.
        var rejects: [UInt8] = []
        /// Lines to print about the queue and about inputs.
        var lines: [Line] = []
        /// Whether it is Sluice's and cannot be read. It stays in the queue.
        var isDamaged = false
        /// Its id, if its rows are to be written.
        fileprivate var id: String?
    }

    /// A line to print.
    enum Line: Sendable, Hashable {
        /// The run continues and may succeed.
        case warning(String)
        /// The exit status reports failure too.
        case error(String)
        /// A warning or an error about an input: `orders.csv?size=85&modified=…:5: error: …`.
        case ofInput(String)

        /// Returns the line's text, prefixed with the queue unless it is about an input.
        func text(of queue: String) -> String {
            switch self {
            case .warning(let text): "\(queue): warning: \(text)"
            case .error(let text): "\(queue): error: \(text)"
            case .ofInput(let text): text
            }
        }
    }

    /// What is known about an input.
    private struct Input {
        /// The number of messages with rows that were received.
        var messages: UInt64 = 0
        /// The sum of their ids.
        var sum = MessageID.zero
        /// The number of messages with rows that were sent, as the manifest states it.
        var expected: UInt64?
        var expectedSum = MessageID.zero
        /// The number of rejected records in messages, and in the input, as the manifest states it.
        var rejects: UInt64 = 0
        var expectedRejects: UInt64 = 0
    }

    /// Which messages of rejected records an input needs to be complete. A manifest does not state whether there are any: the
    /// records may have gone elsewhere.
    enum Awaited {
        case noRejects
        /// All, if there is one.
        case restOfRejects
        case allRejects
    }

    /// The most bytes of rows that a body may decompress to.
    private let largestBody: Int
    private let awaited: Awaited
    /// The ids of the messages whose rows are written.
    private var ids: Set<String> = []
    private var inputs: [String: Input] = [:]
    private var foreign: Set<String> = []
    /// Whether an input turned out to be invalid.
    private(set) var isAborted = false

    init(largestBody: Int, awaits awaited: Awaited) {
        self.largestBody = largestBody
        self.awaited = awaited
    }

    /// Whether every input of which a message was received is complete.
    var isComplete: Bool { !inputs.isEmpty && inputs.values.allSatisfy(isComplete) }

    private func isComplete(_ input: Input) -> Bool { input.expected == input.messages && hasRejects(input) }

    private func hasRejects(_ input: Input) -> Bool {
        switch awaited {
        case .noRejects: true
        case .restOfRejects: input.rejects == 0 || input.rejects >= input.expectedRejects
        case .allRejects: input.rejects >= input.expectedRejects
        }
    }

    /// The inputs of which rejected records were received, and how many.
    var rejects: [(source: String, count: UInt64)] {
        inputs.filter { $0.value.rejects > 0 }.map { ($0.key, $0.value.rejects) }.sorted { $0.0 < $1.0 }
    }

    /// The inputs with as many messages as their manifests state, but not the same ones.
    var exchanged: [String] {
        inputs.filter { $0.value.expected == $0.value.messages && $0.value.expectedSum != $0.value.sum }.keys.sorted()
    }

    /// A description of the incomplete inputs: `not complete: orders.csv (3 messages of 5), …`.
    var missing: String {
        let open = inputs.filter { !isComplete($0.value) }.sorted { $0.key < $1.key }
        guard !open.isEmpty else { return "no message arrived" }
        let list = open.prefix(5).map { name, input in
            let messages = "\(input.messages) messages of \(input.expected.map(String.init) ?? "an unknown number")"
            let rejects = hasRejects(input) ? "" : ", \(input.rejects) rejected records of \(input.expectedRejects)"
            return "\(TerminalText.name(name)) (\(messages)\(rejects))"
        }
        return "not complete: \(list.joined(separator: ", "))" + (open.count > 5 ? "…" : "")
    }

    /// Decides what to do with a message. The caller must do it.
    mutating func take(_ message: SQSReceivedMessage) -> Decision {
        var decision = Decision()
        guard let (id, source, content) = message.labels else {
            if foreign.insert(message.id).inserted {
                decision.lines.append(.warning("message \(message.id) is not Sluice's and stays in the queue"))
            }
            return decision
        }
        decision.isDone = ids.contains(id)
        if decision.isDone { return decision }
        guard let number = MessageID(id), read(message.received, content, source, number, into: &decision) else {
            decision.isDamaged = true
            decision.lines.append(
                .error("message \(message.id) of \(TerminalText.name(source)) is damaged and stays in the queue")
            )
            return decision
        }
        decision.id = id
        decision.isDone = true
        return decision
    }

    /// Notes that the rows of a message are written.
    mutating func confirm(_ decision: Decision) {
        if let id = decision.id { ids.insert(id) }
    }

    /// `orders.csv?…:5: error: row has 1 field, the header has 2 [raggedRecord] (record 3, field 1, byte 41); discard its rows`.
    private static func text(of fault: JSONValue, in source: String) -> String {
        // A newer version of Sluice may report a kind of error that this one does not know.
        guard let error = CSVError(fault) else {
            return "\(TerminalText.name(source)): error: the input is invalid; discard its rows"
        }
        return "\(error.text(as: "error", in: source)); discard its rows"
    }

    private mutating func read(
        _ message: ReceivedMessage,
        _ content: Message.Content,
        _ source: String,
        _ id: MessageID,
        into decision: inout Decision
    ) -> Bool {
        switch content {
        case .manifest, .aborted:
            let report = JSONValue(parsing: message.body)
            guard let report, let count = report["messages"]?.integer,
                let sum = report["idSum"]?.text.flatMap(MessageID.init)
            else { return false }
            let (expected, isDamaged) = (inputs[source]?.expected ?? 0).addingReportingOverflow(count)
            if isDamaged { return false }
            inputs[source, default: Input()].expected = expected
            inputs[source, default: Input()].expectedSum += sum
            if let fault = report["error"] {
                isAborted = true
                decision.lines.append(.ofInput(Self.text(of: fault, in: source)))
            }
            let tally = report["rejects"].flatMap(RejectTally.init) ?? RejectTally()
            inputs[source, default: Input()].expectedRejects &+= tally.records
            let warnings = Self.warnings(of: report["rejected"]?.integer ?? 0, tally)
            decision.lines += warnings.map { .ofInput("\(TerminalText.name(source)): warning: \($0)") }
        case .json, .ndjson, .jsonZstd, .ndjsonZstd:
            guard let rows = try? message.lines(limit: largestBody) else { return false }
            decision.rows += rows
            inputs[source, default: Input()].messages += 1
            inputs[source, default: Input()].sum += id
        case .rejects:
            guard let lines = try? message.lines(limit: largestBody) else { return false }
            decision.rejects += lines
            inputs[source, default: Input()].rejects &+= lines.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        }
        return true
    }

    /// What a manifest says of records that are in no row.
    private static func warnings(of rejected: UInt64, _ tally: RejectTally) -> [String] {
        if tally.isEmpty {
            return rejected == 0 ? [] : ["left out because too large for a message: \(Measure.count(rejected, "row"))"]
        }
        let kinds = tally.kinds.map { "\($0.count) \($0.code.rawValue)" }.joined(separator: ", ")
        return ["rejected: \(Measure.count(tally.lines, "line")), \(kinds)"]
    }
}
