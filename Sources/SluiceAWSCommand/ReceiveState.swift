import Sluice
import SluiceAWS
import SluiceCSV
import SluiceCommandKit
import SluiceJSON
import SluiceSystem

/// What came out of a queue so far: which messages, and how much of each input.
struct ReceiveState {
    /// What is to be done with some messages that came together.
    struct Delivery: Sendable {
        /// Those to be deleted once the rows are written.
        var done: [SQSReceivedMessage] = []
        var rows: [UInt8] = []
        /// What to tell the user: lines about the queue, and about inputs.
        var lines: [Line] = []
        /// A message of Sluice's cannot be read. It stays in the queue.
        var isDamaged = false
        fileprivate var ids: Set<String> = []
    }

    /// Something to tell the user.
    enum Line: Sendable, Hashable {
        /// The run goes on, and may well succeed.
        case warning(String)
        /// The exit status says so too.
        case error(String)
        /// Either of them, about an input: `orders.csv?size=85&modified=…:5: error: …`.
        case ofInput(String)

        /// The line, as one about that queue if it is about no input.
        func text(of queue: String) -> String {
            switch self {
            case .warning(let text): "\(queue): warning: \(text)"
            case .error(let text): "\(queue): error: \(text)"
            case .ofInput(let text): text
            }
        }
    }

    /// What is known of an input.
    private struct Input {
        /// Messages with rows that came.
        var messages: UInt64 = 0
        /// The sum of their ids.
        var sum = MessageID.zero
        /// Messages with rows that were sent, and the sum of their ids, as the manifest says.
        var expected: UInt64?
        var expectedSum = MessageID.zero
    }

    /// Bytes of rows that a body may unpack to.
    private let largestBody: Int
    /// Of the messages whose rows are written.
    private var ids: Set<String> = []
    private var inputs: [String: Input] = [:]
    private var foreign: Set<String> = []
    /// An input turned out to be invalid.
    private(set) var isAborted = false

    init(largestBody: Int) { self.largestBody = largestBody }

    /// Every input of which something came is there as a whole.
    var isComplete: Bool { !inputs.isEmpty && inputs.values.allSatisfy { $0.expected == $0.messages } }

    /// Inputs of which as many messages came as their manifests say, but not those.
    var exchanged: [String] {
        inputs.filter { $0.value.expected == $0.value.messages && $0.value.expectedSum != $0.value.sum }.keys.sorted()
    }

    /// `2 inputs are not complete: orders.csv (3 of 5 messages), …`.
    var missing: String {
        let open = inputs.filter { $0.value.expected != $0.value.messages }.sorted { $0.key < $1.key }
        guard !open.isEmpty else { return "no message came" }
        let list = open.prefix(5).map { name, input in
            "\(name) (\(input.messages) messages of \(input.expected.map(String.init) ?? "an unknown number"))"
        }
        return "not complete: \(list.joined(separator: ", "))" + (open.count > 5 ? "…" : "")
    }

    /// The message's attributes say that it is one of Sluice's.
    static func isOurs(_ message: SQSReceivedMessage) -> Bool { name(of: message) != nil }

    private static func name(
        of message: SQSReceivedMessage
    ) -> (id: String, source: String, content: Message.Content)? {
        guard let id = message.attributes["sluice.id"], let source = message.attributes["sluice.source"],
            let content = message.attributes["sluice.content"].flatMap({ Message.Content(rawValue: $0) })
        else { return nil }
        return (id, source, content)
    }

    /// Decides what becomes of messages; what is to be done is done by the caller.
    mutating func take(_ messages: [SQSReceivedMessage]) -> Delivery {
        var delivery = Delivery()
        for message in messages {
            guard let (id, source, content) = Self.name(of: message) else {
                if foreign.insert(message.id).inserted {
                    delivery.lines.append(.warning("message \(message.id) is not Sluice's and stays in the queue"))
                }
                continue
            }
            if ids.contains(id) || delivery.ids.contains(id) {
                delivery.done.append(message)
                continue
            }
            guard let number = MessageID(id), read(message, content, source, number, into: &delivery) else {
                delivery.isDamaged = true
                delivery.lines.append(
                    .error("message \(message.id) of \(TerminalText.name(source)) is damaged and stays in the queue")
                )
                continue
            }
            delivery.ids.insert(id)
            delivery.done.append(message)
        }
        return delivery
    }

    /// The rows of a delivery are written.
    mutating func confirm(_ delivery: Delivery) { ids.formUnion(delivery.ids) }

    /// `orders.csv?…:5: error: row has 1 field, the header has 2 [raggedRecord] (record 3, field 1, byte 41); discard its rows`.
    private static func text(of fault: JSONValue, in source: String) -> String {
        let name = TerminalText.name(source)
        // One that a newer Sluice found may be of a kind that is not known here.
        guard let error = CSVError(fault) else { return "\(name): error: the input is at fault; discard its rows" }
        return "\(name):\(error.line == nil ? " " : "")\(error); discard its rows"
    }

    private mutating func read(
        _ message: SQSReceivedMessage,
        _ content: Message.Content,
        _ source: String,
        _ id: MessageID,
        into delivery: inout Delivery
    ) -> Bool {
        switch content {
        case .manifest, .aborted:
            let report = JSONValue(parsing: message.body.utf8)
            guard let report, let count = report["messages"]?.integer,
                let sum = report["idSum"]?.text.flatMap(MessageID.init)
            else { return false }
            let (expected, isDamaged) = (inputs[source]?.expected ?? 0).addingReportingOverflow(count)
            if isDamaged { return false }
            inputs[source, default: Input()].expected = expected
            inputs[source, default: Input()].expectedSum += sum
            if let fault = report["error"] {
                isAborted = true
                delivery.lines.append(.ofInput(Self.text(of: fault, in: source)))
            }
            if let rejected = report["rejected"]?.integer, rejected > 0 {
                let rows = Measure.count(rejected, "row")
                let name = TerminalText.name(source)
                delivery.lines.append(.ofInput("\(name): warning: left out, since too large for a message: \(rows)"))
            }
        case .json, .ndjson, .jsonZstd, .ndjsonZstd:
            guard let rows = try? MessageRows.lines(in: Array(message.body.utf8), content, limit: largestBody) else {
                return false
            }
            delivery.rows += rows
            inputs[source, default: Input()].messages += 1
            inputs[source, default: Input()].sum += id
        }
        return true
    }
}
