import SluiceEngine
import SluiceJSON

/// The right to work on an object, and how far the work has come. All invocations for the same bytes under the same
/// configuration share one note about it:
///
///     {"owner":"request id","queue":"https://…","returns":true,"until":1700000060000,"isFinished":false,"checkpoint":{…}}
///
/// The note is written only if it has not changed since it was read, so only one of two invocations gets the lease. A lease
/// expires after a while, and is renewed with every checkpoint. An invocation that is retried has the request id of the one that
/// failed, and continues at once. `returns` holds ``retriesSameBytes``. The note's members keep their names, because invocations
/// of an earlier version may be running.
///
/// The checkpoint counts for the queue that the messages went to; for another queue the work starts over.
struct Lease: Sendable {
    /// The invocation that asks for a lease, and the store of its note.
    struct Holder: Sendable {
        let notes: any NoteStore
        let clock: any FunctionClock
        let requestID: String
        /// The queue that its messages go to.
        let queueURL: String
    }

    enum Acquisition: Sendable {
        case granted(Lease)
        /// All messages were sent.
        case finished
        /// Another invocation holds the lease. Also states whether a retry of that invocation would be for the same bytes.
        case taken(retriesSameBytes: Bool)
    }

    private let holder: Holder
    /// Whether a retry of this invocation would be for the same bytes. If the event names no version, it may be for newer ones.
    private let retriesSameBytes: Bool
    private var tag = ""
    /// How far the work has come.
    private(set) var checkpoint: Checkpoint
    private var isFinished = false

    /// How long a lease lasts unless a longer time is asked for.
    static let usualDuration: Duration = .seconds(60)

    private init(_ start: Checkpoint, _ holder: Holder, retriesSameBytes: Bool) {
        checkpoint = start
        self.holder = holder
        self.retriesSameBytes = retriesSameBytes
    }

    /// Asks for the lease of the object whose work begins at `start`.
    ///
    /// - Throws: what the store throws; `Sluice.Object` if the note is not one that this function wrote.
    static func acquire(
        _ start: Checkpoint,
        by holder: Holder,
        retriesSameBytes: Bool
    ) async throws -> Acquisition {
        // Others may write or remove the note between reading and writing, but not forever.
        for _ in 0..<10 {
            var lease = Lease(start, holder, retriesSameBytes: retriesSameBytes)
            if try await lease.write(if: .isAbsent) { return .granted(lease) }
            guard let note = try await holder.notes.read(lease.name) else { continue }
            let content = try Content(note, of: start, lease.name)
            if content.isFinished { return .finished }
            if content.owner != holder.requestID, content.expiresAt > holder.clock.millisecondsSinceEpoch {
                return .taken(retriesSameBytes: content.retriesSameBytes)
            }
            if content.queueURL == holder.queueURL { lease.checkpoint = content.checkpoint }
            if try await lease.write(if: .hasTag(note.tag)) { return .granted(lease) }
        }
        return .taken(retriesSameBytes: false)
    }

    /// Whether all messages of the object whose work begins at `start` were sent.
    static func isFinished(_ start: Checkpoint, _ notes: any NoteStore) async throws -> Bool {
        let name = name(of: start)
        guard let note = try await notes.read(name) else { return false }
        return try Content(note, of: start, name).isFinished
    }

    /// Marks the object as finished, even if another invocation holds the lease.
    static func finish(_ end: Checkpoint, by holder: Holder) async throws {
        var lease = Lease(end, holder, retriesSameBytes: true)
        lease.isFinished = true
        _ = try await holder.notes.write(lease.text(lasting: nil), to: lease.name, if: nil)
    }

    /// Renews the lease, and notes how far the work has come.
    ///
    /// - Throws: `Sluice.Taken` if another invocation holds the lease now; what the store throws.
    mutating func renew(at checkpoint: Checkpoint, lasting duration: Duration) async throws {
        self.checkpoint = checkpoint
        try await update(lasting: duration)
    }

    /// Ends the lease before the work is finished: the next invocation that asks gets it.
    mutating func release() async throws { try await update(lasting: nil) }

    /// Marks the object as finished: all its messages were sent.
    mutating func finish() async throws {
        isFinished = true
        try await update(lasting: nil)
    }

    private var name: String { Self.name(of: checkpoint) }

    private static func name(of checkpoint: Checkpoint) -> String { "\(checkpoint.identity.digest)/progress.json" }

    private mutating func update(lasting duration: Duration?) async throws {
        if try await write(if: .hasTag(tag), lasting: duration) { return }
        // If the answer to a write was lost, it was written twice, and the note has another tag.
        let text = text(lasting: duration)
        if let note = try await holder.notes.read(name), let own = JSONValue(parsing: text.utf8).flatMap(Content.init),
            try Content(note, of: checkpoint, name).isFromSameWriter(as: own)
        {
            tag = note.tag
        } else {
            throw FunctionError(.taken, "another invocation is working on \(checkpoint.source) now")
        }
    }

    private mutating func write(
        if condition: NoteCondition,
        lasting duration: Duration? = usualDuration
    ) async throws -> Bool {
        guard let tag = try await holder.notes.write(text(lasting: duration), to: name, if: condition) else {
            return false
        }
        self.tag = tag
        return true
    }

    /// Returns the note. Without a duration the lease has expired, at time 0: for invocations whose clocks are slow, the present
    /// time would still be in the future.
    private func text(lasting duration: Duration?) -> String {
        let expiresAt = duration.map { holder.clock.millisecondsSinceEpoch + $0.components.seconds * 1000 } ?? 0
        return JSONWriter.object([
            ("owner", JSONWriter.string(holder.requestID)), ("queue", JSONWriter.string(holder.queueURL)),
            ("returns", "\(retriesSameBytes)"), ("until", "\(expiresAt)"), ("isFinished", "\(isFinished)"),
            ("checkpoint", checkpoint.json),
        ])
    }
}

extension Lease {
    private struct Content {
        let owner: String
        let queueURL: String
        let retriesSameBytes: Bool
        let expiresAt: Int64
        let isFinished: Bool
        let checkpoint: Checkpoint

        /// Throws if the note is not one that this function wrote about that input.
        init(_ note: Note, of checkpoint: Checkpoint, _ name: String) throws(FunctionError) {
            guard let content = JSONValue(parsing: note.text).flatMap(Content.init),
                content.checkpoint.identity == checkpoint.identity
            else { throw FunctionError(.object, "the note \(name) was not written by this function; remove it") }
            self = content
        }

        init?(_ value: JSONValue) {
            guard let owner = value["owner"]?.text, let queueURL = value["queue"]?.text,
                let expiresAt = value["until"]?.integer.flatMap(Int64.init(exactly:)),
                let checkpoint = value["checkpoint"].flatMap(Checkpoint.init)
            else { return nil }
            self.owner = owner
            self.queueURL = queueURL
            retriesSameBytes = value["returns"] == .bool(true)
            self.expiresAt = expiresAt
            isFinished = value["isFinished"] == .bool(true)
            self.checkpoint = checkpoint
        }

        func isFromSameWriter(as other: Content) -> Bool {
            owner == other.owner && queueURL == other.queueURL && isFinished == other.isFinished
                && checkpoint == other.checkpoint
        }
    }
}
