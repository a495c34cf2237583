import Sluice
import SluicePipeline
import Synchronization

/// Objects and queues in memory, which fail when a test says so.
final class MemoryServices: FunctionServices {
    struct Trouble: Error, CustomStringConvertible {
        var description: String { "the network is down" }
    }

    struct State {
        var objects: [ObjectReference: [UInt8]] = [:]
        /// The keys of objects that were deleted. Others that are missing cannot be reached.
        var deleted: Set<String> = []
        /// The versions that objects are reported to have.
        var versions: [ObjectReference: String] = [:]
        /// Without what their events stated, which is in `statements`.
        var messages: [Message] = []
        /// What the events stated, of messages and of what was put aside.
        var statements: Set<ObjectEvent?> = []
        /// The header of X-Ray that messages got.
        var traceHeaders: Set<String?> = []
        /// What was put aside, sent to the error queue.
        var rejects: [Message] = []
        var reports: [String] = []
        var notes: [String: Note] = [:]
        /// How many conditional writes find a note that is gone when it is read.
        var vanishingNotes = 0
        /// The number of messages at which the invocation with this id takes all leases, as if they had expired.
        var takeover: (messages: Int, id: String)?
        /// The payloads of requested invocations.
        var events: [[UInt8]] = []
        /// The inputs of started executions, by name.
        var executions: [String: String] = [:]
        /// The started executions that have ended.
        var endedExecutions: Set<String> = []
        /// The addresses of the objects that were read at once, as schemas are.
        var wholeReads: [String] = []
        /// Why such objects cannot be read now.
        var wholeReadFault: ServiceFault.Kind?
        var reads = 0
        var writes = 0
        var failsToDescribe = false
        var failsToSend = false
        /// The number of messages at which the queue starts to fail.
        var queueSize = Int.max
        var refusesManifests = false
        var failsToReport = false
        /// The first read that fails; all later ones fail too.
        var failsFromRead = Int.max
        /// How many bytes are missing from objects when they are read.
        var missing = 0
        /// The duration of each read.
        var delay: Duration = .zero
    }

    private let shared = Mutex(State())
    let time = ManualClock()

    var clock: any FunctionClock { time }

    init(_ objects: [String: String] = [:], _ change: (inout State) -> Void = { _ in }) {
        shared.withLock { state in
            for (key, text) in objects {
                state.objects[ObjectReference(bucket: "inbox", key: key)] = Array(text.utf8)
            }
            change(&state)
        }
    }

    var state: State { shared.withLock { $0 } }

    func change<Result: Sendable>(_ body: (inout sending State) throws -> sending Result) rethrows -> Result {
        try shared.withLock(body)
    }

    /// Rewrites all notes, but keeps their tags.
    func changeNotes(_ body: @Sendable (String) -> String) {
        change { state in
            for (name, note) in state.notes {
                state.notes[name]?.text = Array(body(String(decoding: note.text, as: Unicode.UTF8.self)).utf8)
            }
        }
    }

    /// Advances the clock, and waits for cancellation while the tasks that it woke act.
    func wait(_ duration: Duration) async throws {
        time.advance(by: duration)
        try await time.sleepUntilCancelled()
    }

    func store(meter: Meter) -> MemoryStore { MemoryStore(services: self) }

    func read(_ object: ObjectReference, limit: Int) async throws -> [UInt8] {
        let state = change { state in
            state.wholeReads.append(object.source)
            return state
        }
        let kind = state.wholeReadFault ?? .notFound
        guard state.wholeReadFault == nil, let bytes = state.objects[object], bytes.count <= limit else {
            throw ServiceFault(kind, resource: object.source, code: "\(kind)", message: "no such version")
        }
        return bytes
    }

    func queue(_ url: String, meter: Meter, traceHeader: String?) -> any MessageQueue {
        change { _ = $0.traceHeaders.insert(traceHeader) }
        return MemoryQueue(services: self, meter: meter, isForErrors: url == "https://e")
    }

    func keepsOrder(_ url: String) -> Bool { url.hasSuffix(".fifo") }

    func send(report: [UInt8], to url: String) async throws {
        try change { state in
            if state.failsToReport { throw Trouble() }
            state.reports.append(String(decoding: report, as: Unicode.UTF8.self))
        }
    }

    func notes(in bucket: String, prefix: String) -> any NoteStore { MemoryNotes(services: self, prefix: prefix) }

    func invoke(_ function: String, with event: [UInt8]) async throws { change { $0.events.append(event) } }

    func start(_ stateMachine: String, name: String, input: String) async throws -> Bool {
        change { state in
            if let found = state.executions[name] { return found == input && !state.endedExecutions.contains(name) }
            state.executions[name] = input
            return true
        }
    }
}

struct MemoryStore: ObjectStore {
    let services: MemoryServices

    func pin(_ object: ObjectReference) async throws -> PinnedObject? {
        let state = services.state
        if state.deleted.contains(object.key) { return nil }
        guard !state.failsToDescribe, let bytes = state.objects[object] else { throw MemoryServices.Trouble() }
        var pinned = object
        pinned.versionID = state.versions[object] ?? object.versionID
        return PinnedObject(pinned, size: UInt64(bytes.count), etag: "e\(bytes.count)")
    }

    func read(_ object: PinnedObject, range: Range<UInt64>) async throws -> AsyncStream<[UInt8]> {
        let state = services.change { state in
            state.reads += 1
            return state
        }
        if state.delay > .zero { try await services.wait(state.delay) }
        guard state.reads < state.failsFromRead, let bytes = state.objects[object.reference] else {
            throw MemoryServices.Trouble()
        }
        let part = bytes[Int(range.lowerBound)..<Int(range.upperBound) - state.missing]
        return AsyncStream { stream in
            for start in stride(from: part.startIndex, to: part.endIndex, by: 7) {
                stream.yield(Array(part[start..<min(start + 7, part.endIndex)]))
            }
            stream.finish()
        }
    }
}

struct MemoryNotes: NoteStore {
    let services: MemoryServices
    let prefix: String

    func read(_ name: String) async throws -> Note? { services.state.notes[prefix + name] }

    func write(_ text: String, to name: String, if condition: NoteCondition?) async throws -> String? {
        services.change { state in
            let found = state.notes[prefix + name]
            switch condition {
            case .isAbsent where state.vanishingNotes > 0:
                state.vanishingNotes -= 1
                return nil
            case .isAbsent where found != nil: return nil
            case .hasTag(let tag) where found?.tag != tag: return nil
            default: break
            }
            state.writes += 1
            state.notes[prefix + name] = Note(text: Array(text.utf8), tag: "\(state.writes)")
            return "\(state.writes)"
        }
    }
}

/// A queue that delivers its messages when it is flushed.
actor MemoryQueue: MessageQueue {
    private let services: MemoryServices
    private let meter: Meter
    private let isForErrors: Bool
    private var waiting: [Message] = []

    init(services: MemoryServices, meter: Meter, isForErrors: Bool) {
        self.services = services
        self.meter = meter
        self.isForErrors = isForErrors
    }

    func send(_ message: Message) async throws { waiting.append(message) }

    func flush() async throws {
        let statements = waiting.map(\.event)
        let messages = waiting.map { message in
            var message = message
            message.event = nil
            return message
        }
        waiting = []
        try services.change { [isForErrors] state in
            if isForErrors {
                state.statements.formUnion(statements)
                if state.failsToReport, !messages.isEmpty { throw MemoryServices.Trouble() }
                state.rejects += messages
                return
            }
            if state.refusesManifests, messages.contains(where: \.isLast) { throw MemoryServices.Trouble() }
            if state.failsToSend || (!messages.isEmpty && state.messages.count >= state.queueSize) {
                throw MemoryServices.Trouble()
            }
            state.messages += messages
            state.statements.formUnion(statements)
            state.takeLeases()
        }
        meter.addBatch(messages: messages.count, bytes: messages.reduce(0) { $0 + $1.size })
    }
}

extension MemoryServices.State {
    /// Makes another invocation the owner of all notes, if it is time to.
    fileprivate mutating func takeLeases() {
        guard let (count, id) = takeover, messages.count >= count else { return }
        takeover = nil
        for (name, note) in notes {
            let text = String(decoding: note.text, as: Unicode.UTF8.self)
            let taken = text.replacing(/"owner":"[^"]*"/, with: "\"owner\":\"\(id)\"")
            notes[name] = Note(text: Array(taken.utf8), tag: "taken")
        }
    }
}
