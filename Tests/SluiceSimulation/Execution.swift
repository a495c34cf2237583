import SluiceJSON
import SluicePipeline

/// An execution of the state machine in tools/deploy/terraform/state-machine.asl.json.tftpl: its states, its retries and
/// its catchers.
final class Execution: @unchecked Sendable {
    enum Status {
        case running
        case succeeded
        case failed
    }

    /// Why a state failed.
    struct Failure: Error {
        let name: String
        let cause: String

        static let timeout = Failure(name: "States.Timeout", cause: "")

        var json: String {
            JSONWriter.object([("Error", JSONWriter.string(name)), ("Cause", JSONWriter.string(cause))])
        }
    }

    /// How often a task is retried.
    struct Retry {
        /// The number of retries when no invocation or lease is free, and the longest pause before each, in milliseconds.
        let waits: Int
        let pause: Int
        /// The number of retries after any other error.
        let tries: Int

        static let usual = Retry(waits: 100, pause: 30_000, tries: 6)
        static let portion = Retry(waits: 9, pause: 10_000, tries: 4)
        static let giveUp = Retry(waits: 4, pause: 5000, tries: 3)
    }

    /// The completed states. A redriven execution runs only the others.
    private struct Progress {
        var plan: JSONValue?
        var summarised: Set<Int> = []
        var isCombined = false
        var converted: Set<Int> = []
    }

    let name: String
    let input: String
    private(set) var status = Status.running
    private unowned let world: World
    private var progress = Progress()
    /// Whether a portion of the current map has failed.
    private var isMapFailed = false

    init(_ name: String, _ input: String, _ world: World) {
        self.name = name
        self.input = input
        self.world = world
    }

    var arn: String { "arn:execution:\(name)" }

    /// Starts the execution, or continues it where it failed.
    func run() {
        status = .running
        isMapFailed = false
        world.spawn {
            do {
                try await self.route()
                self.status = .succeeded
                self.world.log("execution \(self.name) succeeds")
            } catch {
                self.status = .failed
                self.world.log("execution \(self.name) fails: \(error)")
                self.world.invoke(self.event(error as? Failure))
            }
        }
    }

    /// Returns the event that EventBridge sends to the function.
    private func event(_ failure: Failure?) -> String {
        let detail: [(name: String, json: String)] = [
            ("executionArn", JSONWriter.string(arn)), ("status", "\"FAILED\""), ("input", JSONWriter.string(input)),
            ("error", JSONWriter.string(failure?.name ?? "")), ("cause", JSONWriter.string(failure?.cause ?? "")),
        ]
        return JSONWriter.object([("source", "\"aws.states\""), ("detail", JSONWriter.object(detail))])
    }

    private func route() async throws {
        let input = JSONValue(parsing: input.utf8)
        let object = input?["object"].map(Self.json) ?? "null"
        if input?["route"]?.text == "inOrder" { return try await inOrder(object) }
        let planned: JSONValue
        if let plan = progress.plan { planned = plan } else { planned = try await task("plan", [("object", object)]) }
        progress.plan = planned
        guard planned["route"]?.text == "distributed", let plan = planned["plan"].map(Self.json) else {
            return try await inOrder(planned["object"].map(Self.json) ?? "null")
        }
        try await map("summarise", planned, \.summarised)
        if !progress.isCombined { _ = try await task("combine", [("plan", plan)]) }
        progress.isCombined = true
        try await map("convert", planned, \.converted)
        _ = try await task("manifest", [("plan", plan)])
    }

    private func inOrder(_ object: String) async throws {
        while try await task("inOrder", [("object", object)])["outcome"]?.text == "handedOn" {}
    }

    /// Runs a job for each item, a few at a time. After one fails, no other is started or retried.
    private func map(
        _ job: String,
        _ planned: JSONValue,
        _ done: any WritableKeyPath<Progress, Set<Int>> & Sendable
    ) async throws {
        guard let name = planned["items"]?["key"]?.text, let note = world.notes[name],
            let items = JSONValue(parsing: note.text)?.elements
        else { throw Failure(name: "States.ItemReaderFailed", cause: "no items") }
        var waiting = items.enumerated().filter { !progress[keyPath: done].contains($0.offset) }
        waiting.shuffle(using: &world.random)
        await withTaskGroup(of: Void.self) { group in
            for count in 0..<waiting.count {
                if count >= 3 { await group.next() }
                guard !isMapFailed, let (number, item) = waiting.popLast() else { break }
                group.addTask {
                    do {
                        try await self.portion(job, item)
                        self.progress[keyPath: done].insert(number)
                    } catch {
                        self.isMapFailed = true
                    }
                }
            }
        }
        if isMapFailed { throw Failure(name: "States.ExceedToleratedFailureThreshold", cause: "a portion failed") }
    }

    /// Runs a portion as an express execution, which reports its failure.
    private func portion(_ job: String, _ item: JSONValue) async throws {
        let members = ["plan", "portion"].map { (name: $0, json: item[$0].map(Self.json) ?? "null") }
        do {
            _ = try await task(job, members, .portion, timeout: 120_000)
        } catch {
            let failure = error as? Failure ?? Failure(name: "Unknown", cause: "\(error)")
            // A failed map ends its remaining children, which then report nothing.
            if isMapFailed { throw failure }
            // If the report fails too, the failure of the execution is still reported.
            _ = try? await task("giveUp", members + [(name: "error", json: failure.json)], .giveUp, timeout: 10_000)
            throw failure
        }
    }

    static func json(_ value: JSONValue) -> String {
        switch value {
        case .object(let members):
            JSONWriter.object(members.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
        case .array(let elements): "[" + elements.map(json).joined(separator: ",") + "]"
        case .string(let bytes): JSONWriter.string(String(decoding: bytes, as: Unicode.UTF8.self))
        case .number(let digits): digits
        case .bool(let value): "\(value)"
        case .null: "null"
        }
    }
}

/// Tasks: invocations that the state machine waits for.
extension Execution {
    private func task(
        _ job: String,
        _ members: [(name: String, json: String)],
        _ retry: Retry = .usual,
        timeout: Int64? = nil
    ) async throws -> JSONValue {
        let payload = JSONWriter.object([("sluice", JSONWriter.string(job))] + members)
        var (waits, tries) = (0, 0)
        while true {
            let failure: Failure
            do { return try await attempt(job, payload, timeout) } catch { failure = error }
            // Where a time limit is set, a timeout is not retried.
            if failure.name == Failure.timeout.name, timeout != nil { throw failure }
            if ["Lambda.TooManyRequestsException", "Sluice.Taken"].contains(failure.name) {
                waits += 1
                if waits > retry.waits { throw failure }
                await world.pass(Int64(world.number(0...retry.pause)))
            } else {
                tries += 1
                if tries > retry.tries { throw failure }
                await world.pass(Int64(world.number(0...min(60_000, 1000 << tries))))
            }
            if isMapFailed { throw failure }
        }
    }

    private func attempt(_ job: String, _ payload: String, _ timeout: Int64?) async throws(Failure) -> JSONValue {
        if world.happens(world.weather.throttles) {
            throw Failure(name: "Lambda.TooManyRequestsException", cause: "no invocation is free")
        }
        world.invocations += 1
        let id = "s-\(world.invocations)"
        let outcome: Process.Outcome? = await withCheckedContinuation { continuation in
            var waiting: CheckedContinuation<Process.Outcome?, Never>? = continuation
            func end(_ outcome: Process.Outcome?) {
                waiting?.resume(returning: outcome)
                waiting = nil
            }
            if let timeout { world.scheduler.at(world.time + timeout) { end(nil) } }
            Process(world, id) { end($0) }.run(payload)
        }
        switch outcome {
        case .answered(let value):
            if world.happens(world.weather.lostAnswers) {
                world.log("\(id): its answer is lost")
                throw Failure(name: "Lambda.Unknown", cause: "the answer was lost")
            }
            return value
        case .failed(let kind, let message): throw Failure(name: kind, cause: message)
        case .died: throw Failure(name: "Lambda.Unknown", cause: "the function died")
        case nil: throw .timeout
        }
    }
}

extension World {
    /// Starts an execution. Returns whether an execution with this name and input is running now; names are never reused.
    func start(_ name: String, _ input: String) -> Bool {
        if let execution = executions[name] { return execution.status == .running && execution.input == input }
        let execution = Execution(name, input, self)
        executions[name] = execution
        execution.run()
        return true
    }
}
