import SluiceEngine
import SluiceJSON
import SluicePipeline

/// Checks the world when a story has come to rest.
///
/// - All rows of every object that must be converted (``required``) are in the queue, each message under its one id, and all
///   that was put aside is in the error queue. An invalid object ends in an aborted message, and in reports that agree.
/// - Every message belongs to an object, and different messages have different ids.
/// - With notes, all rows of a valid object are made with one version of the schema, although the function gets another.
/// - A manifest, or an aborted message, comes after all messages that it counts.
/// - Where versions of a key are ordered, a message comes in a turn of its version, copies apart, and all of a version in one.
/// - For a missing message there is a dead letter, or a failed execution that the error queue reports.
struct Judge {
    /// The expected messages and report for a version of an object.
    private struct Expected {
        let content: Content
        /// The version of the schema.
        let schema: Int
        let messages: [Message]
        /// The messages of what is put aside.
        let rejects: [Message]
        let report: String?

        var isValid: Bool { messages.last?.content == .manifest }
    }

    private let script: Script
    private let world: World
    private(set) var faults: [String] = []
    private(set) var counts: [String: Int] = [:]

    init(_ script: Script, _ world: World) {
        self.script = script
        self.world = world
    }

    /// Returns the objects that must be converted: versions that an event named, and objects that still exist.
    private func required() -> [(key: String, version: String?, content: Content)] {
        var found: [(key: String, version: String?, content: Content)] = []
        for (key, versions) in world.bucket.objects.sorted(by: { $0.key < $1.key }) {
            for (index, version) in versions.enumerated() {
                guard let content = version.content else { continue }
                let isLast = index == versions.count - 1
                if isLast || isNamed(key, index) && !world.configuration.sharing.skipsStale {
                    found.append((key, version.id, content))
                }
            }
        }
        return found
    }

    /// Whether an event names this version. Events of a bucket without versions name none.
    private func isNamed(_ key: String, _ index: Int) -> Bool {
        let changes = script.changes.filter { $0.key == key }
        return world.bucket.kind == .versioned && changes[index].events.contains { $0.namesVersion }
    }

    /// Returns what functions without notes send in calm weather: with the first schema and, if it differs, with the second.
    private func expected(_ key: String, _ content: Content, _ version: String?) throws -> [Expected] {
        let deployments = script.schemas[0] == script.schemas[1] ? [0] : [0, 1]
        return try deployments.map { try expected(key, content, version, $0) }
    }

    private func expected(
        _ key: String,
        _ content: Content,
        _ version: String?,
        _ deployment: Int
    ) throws -> Expected {
        let configuration = try script.configuration(deployment, alone: true)
        let calm = World(seed: 0, configuration, world.bucket.kind, .calm, isTraced: false)
        calm.bucket = world.bucket.holding(content, version)
        calm.invoke(Script.payload([(key, version, nil)], .direct))
        _ = calm.scheduler.run(limit: 1_000_000)
        // Messages in flight at the same time arrive in any order.
        func place(_ message: Message) -> (Int, UInt64, Int) {
            (message.records == nil ? 1 : 0, message.segment, message.index)
        }
        let messages = calm.queue.messages.sorted { place($0) < place($1) }
        return Expected(
            content: content,
            schema: script.schemas[deployment],
            messages: messages,
            rejects: calm.rejects.messages,
            report: calm.reports.first?.text
        )
    }

    private mutating func fault(_ text: String) {
        faults.append(text)
        world.log("FAULT: \(text)")
    }

    private func isComplete(_ expected: Expected) -> Bool {
        let found = Set(world.queue.messages.map(\.id))
        let rejects = Set(world.rejects.messages.map(\.id))
        guard expected.messages.allSatisfy({ found.contains($0.id) }),
            expected.rejects.allSatisfy({ rejects.contains($0.id) })
        else { return false }
        return expected.isValid || !reports(on: expected).isEmpty
    }

    private func reports(on expected: Expected) -> [Report] {
        guard let report = expected.report.flatMap({ JSONValue(parsing: $0.utf8) }) else { return [] }
        return world.reports.filter { found in
            guard let value = JSONValue(parsing: found.text.utf8) else { return false }
            return ["source", "version", "code", "offset", "record"].allSatisfy { value[$0] == report[$0] }
        }
    }
}

extension Judge {
    /// Checks that every missing conversion is visible as a dead letter or as a reported failure.
    mutating func checkForSilentLosses() throws {
        for (key, version, content) in required() {
            let expected = try expected(key, content, version)
            if expected.contains(where: isComplete) { continue }
            let isDead = world.deadLetters.contains { isAbout(key, version, $0) }
            let hasFailed = world.executions.values.contains { execution in
                execution.status == .failed && isAbout(key, version, execution.input)
                    && (world.reports.map(\.text) + world.deadLetters).contains { $0.contains(execution.arn) }
            }
            counts["incomplete before the operator", default: 0] += 1
            if !isDead, !hasFailed { fault("\(key) \(version ?? "") is not converted, and nothing reports it") }
        }
    }

    /// Whether the event, or the execution's input, names this version of the object, or the object without a version.
    private func isAbout(_ key: String, _ version: String?, _ text: String) -> Bool {
        guard text.contains(key) else { return false }
        guard let version, world.bucket.kind == .versioned else { return true }
        // Quotes are escaped where JSON is in a string.
        let text = text.filter { $0 != "\\" }
        return text.contains("\"\(version)\"") || text.contains("\"key\":\(JSONWriter.string(key))}")
    }

    /// Checks the whole world after the operator's repairs.
    mutating func checkEverything(_ redone: Int) throws {
        var known: [String: Message] = [:]
        var all: [Expected] = []
        for change in script.changes {
            guard let content = change.content else { continue }
            for version in versions(of: content) {
                let expected = try expected(change.key, content, version)
                all += expected
                for message in expected.flatMap({ $0.messages + $0.rejects }) { known[message.id] = message }
                checkSchema(expected)
            }
        }
        for expected in all { checkRows(expected) }
        for (key, version, content) in required() {
            let expected = try expected(key, content, version)
            if expected.contains(where: isComplete) { continue }
            fault("\(key) \(version ?? "") is not converted, although the operator followed the runbook")
        }
        checkMessages(of: world.queue, known, all)
        checkMessages(of: world.rejects, known, all)
        for message in world.queue.messages where message.content == .rejects { fault("rejects are among the rows") }
        for expected in all { checkOrder(expected) }
        checkReports(all)
        checkDeadLetters()
        count(all, redone)
    }

    /// Returns the versions under which a content was put.
    private func versions(of content: Content) -> [String?] {
        guard world.bucket.kind == .versioned else { return [nil] }
        return (world.bucket.objects[content.key] ?? []).filter { $0.content == content }.map(\.id)
    }

    /// Checks the rows of a valid object against those that it was written from, independently of ids.
    private mutating func checkRows(_ expected: Expected) {
        guard let rows = expected.content.rows, script.environment["SLUICE_ZSTD"] == nil else { return }
        let isArray = script.environment["SLUICE_MESSAGE_FORMAT"] == nil
        let bodies = expected.messages.filter { $0.content != .manifest }.map { message in
            let text = String(decoding: message.body, as: Unicode.UTF8.self)
            return isArray ? String(text.dropFirst().dropLast()) : text.hasSuffix("\n") ? String(text.dropLast()) : text
        }
        let named = rows.map { "{\"\(Script.rowName(expected.schema))\"" + $0.dropFirst(#"{"a""#.count) }
        if bodies.joined(separator: isArray ? "," : "\n") != named.joined(separator: isArray ? "," : "\n") {
            fault("\(expected.content.key): the rows are not those of the object")
        }
        if expected.messages.last?.content != .manifest { fault("\(expected.content.key): it has no manifest") }
    }

    /// Checks that a valid object's messages are those of one schema. An invalid one may be converted again with another.
    private mutating func checkSchema(_ expected: [Expected]) {
        guard script.environment["SLUICE_WORK_BUCKET"] != nil, !world.forgot, expected[0].isValid else {
            return
        }
        let found = Set(world.queue.messages.map(\.id))
        let used = expected.filter { $0.messages.contains { found.contains($0.id) } }
        if used.count > 1 { fault("\(expected[0].content.key): it is converted with two schemas") }
    }

    private mutating func checkMessages(of queue: Queue, _ known: [String: Message], _ all: [Expected]) {
        var found = known
        for message in queue.messages {
            if let other = found[message.id] {
                if other != message { fault("two messages share the id \(message.id)") }
                continue
            }
            found[message.id] = message
            // Portions after an invalid record may be converted before the error is known.
            let isAfterError = all.contains { expected in
                guard !expected.isValid, message.records != nil, let last = expected.messages.last else { return false }
                return last.source == message.source && last.range.upperBound <= message.range.lowerBound
            }
            if isAfterError { continue }
            fault("\(message.segment)/\(message.index), \(message.range), of \(message.source) belongs to no object")
        }
    }

    private mutating func checkOrder(_ expected: Expected) {
        guard let last = expected.messages.last else { return }
        var missing = Set(expected.messages.dropLast().map(\.id))
        for message in world.queue.messages {
            missing.remove(message.id)
            if message.id == last.id, !missing.isEmpty {
                return fault("\(last.source): the \(last.content) came before \(missing.count) messages")
            }
        }
        if world.configuration.sharing.isOrdered { checkTurns(expected) }
        if world.queue.isFIFO { checkSequence(expected) }
    }

    /// Checks that all messages that a last one counts came in its turn.
    private mutating func checkTurns(_ expected: Expected) {
        guard let last = expected.messages.last else { return }
        var turns: [String: UInt64] = [:]
        let counted = Set(expected.messages.map(\.id))
        for (message, turn) in world.turns where message.source == last.source && counted.contains(message.id) {
            guard let turn else {
                // Another invocation of this version may have overtaken the one that sends it.
                if turns[message.id] == nil {
                    fault("\(message.source): a message came in the turn of another version")
                }
                continue
            }
            turns[message.id] = turn
            if message.id != last.id { continue }
            let others = expected.messages.filter { turns[$0.id] != turn }
            if !others.isEmpty {
                fault("\(last.source): \(others.count) messages came in an earlier turn than the last")
            }
        }
    }

    /// Checks that a FIFO queue delivered the messages of an object in order, by the first delivery of each.
    private mutating func checkSequence(_ expected: Expected) {
        var ids = Set(expected.messages.map(\.id))
        let first = world.queue.messages.filter { ids.remove($0.id) != nil }.map(\.id)
        if first != expected.messages.map(\.id).filter(Set(first).contains) {
            fault("\(expected.content.key): the messages are not in order")
        }
    }

    /// Checks that every report is about an invalid object, or about a portion or an execution that failed. With notes, an
    /// invocation that begins after another one has sent the report and succeeded must not send it again. It may be sent
    /// again if the other one failed after sending it, or if both ran at the same time.
    private mutating func checkReports(_ all: [Expected]) {
        let texts = world.reports.compactMap { JSONValue(parsing: $0.text.utf8) }
        var codes = Set(all.compactMap { $0.report.flatMap { JSONValue(parsing: $0.utf8) }?["code"]?.text })
        codes.formUnion(["portionFailed", "executionFailed"])
        for code in texts.map({ $0["code"]?.text ?? "" }) where !codes.contains(code) {
            fault("a report has the code \(code), which fits no object")
        }
        guard script.environment["SLUICE_WORK_BUCKET"] != nil, !world.forgot, script.schemas[0] == script.schemas[1]
        else { return }
        for expected in Set(all.map(\.content)).compactMap({ content in all.first { $0.content == content } }) {
            let processes = reports(on: expected).map(\.process)
            for first in processes {
                guard case .answered = first.outcome, let end = first.ended else { continue }
                for again in processes where again !== first && again.began > end {
                    fault("\(expected.content.key): reported by \(first.requestID), and again by \(again.requestID)")
                }
            }
        }
    }

    /// Checks that no events are left. Those of deleted objects end without an error.
    private mutating func checkDeadLetters() {
        for letter in world.deadLetters { fault("a dead letter is left: \(letter)") }
        for execution in world.executions.values.sorted(by: { $0.name < $1.name }) where execution.status == .running {
            fault("the execution \(execution.name) has not ended")
        }
    }

    private mutating func count(_ all: [Expected], _ redone: Int) {
        counts["objects"] = all.count
        counts["invalid objects"] = all.count { !$0.isValid }
        counts["invocations"] = world.invocations
        counts["messages"] = world.queue.messages.count
        counts["messages of rejects"] = world.rejects.messages.count
        counts["executions"] = world.executions.count
        counts["redone by the operator"] = redone
        counts["reports"] = world.reports.count
        counts["jobs"] = world.scheduler.steps
    }
}
