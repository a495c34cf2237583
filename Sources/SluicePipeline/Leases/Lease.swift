import SluiceEngine
import SluiceJSON

/// The right to work on an object, and how far the work has come. All invocations for the same bytes under the same
/// variables share one note about it:
///
///     {"owner":"request id","queue":"https://…","returns":true,"until":1700000060000,"isFinished":false,"checkpoint":{…},
///      "schema":{…},"event":{…},"turn":2}
///
/// `schema` is the one that the work began with, and `event` what the object's event stated then, if there are any. Whoever
/// continues the work uses that schema, even if the function has another by then, and that event. Once the work is finished, its
/// result is final; but an object that was invalid under one schema is converted again under another (`isFaulty`).
///
/// The note is written only if it has not changed since it was read, so only one of two invocations gets the lease. A lease
/// expires after a while, and is renewed with every checkpoint. An invocation that is retried has the request id of the one that
/// failed, and continues at once. `returns` holds ``retriesSameBytes``. The note's members keep their names, because invocations
/// of an earlier version may be running.
///
/// The checkpoint counts for the queue that the messages went to; for another queue the work starts over. It counts for the turn
/// of this version too, if versions take turns (``KeyLease``): in another turn the same work starts over.
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
    /// The name of the note.
    private let name: String
    /// Whether a retry of this invocation would be for the same bytes. If the event names no version, it may be for newer ones.
    private let retriesSameBytes: Bool
    private var tag = ""
    /// How far the work has come.
    private(set) var checkpoint: Checkpoint
    /// The schema of the work, which belongs to the checkpoint.
    private(set) var schema: PinnedSchema?
    /// What the event stated with which the work began.
    private(set) var event: ObjectEvent?
    private let turn: UInt64?
    private var isFinished = false
    private var isFaulty = false

    /// How long a lease lasts unless a longer time is asked for.
    static let usualDuration: Duration = .seconds(60)

    private init(_ work: ObjectWork, _ holder: Holder, retriesSameBytes: Bool) {
        checkpoint = work.start
        schema = work.schema
        event = work.event
        turn = work.turn
        name = Self.name(of: work)
        self.holder = holder
        self.retriesSameBytes = retriesSameBytes
    }

    /// Asks for the lease of an object. The lease states what was begun before, which may be with another schema.
    ///
    /// - Throws: what the store throws; `Sluice.Object` if the note is not one that this function wrote.
    static func acquire(
        _ work: ObjectWork,
        by holder: Holder,
        retriesSameBytes: Bool
    ) async throws -> Acquisition {
        // Others may write or remove the note between reading and writing, but not forever.
        for _ in 0..<10 {
            var lease = Lease(work, holder, retriesSameBytes: retriesSameBytes)
            if try await lease.write(if: .isAbsent) { return .granted(lease) }
            guard let note = try await holder.notes.read(lease.name) else { continue }
            let content = try Content(note, of: work)
            if content.isFinal(for: work.schema) { return .finished }
            if content.owner != holder.requestID, content.expiresAt > holder.clock.millisecondsSinceEpoch {
                return .taken(retriesSameBytes: content.retriesSameBytes)
            }
            if content.queueURL == holder.queueURL, !content.isFinished {
                (lease.checkpoint, lease.schema, lease.event) = (content.checkpoint, content.schema, content.event)
                if content.turn != work.turn { lease.checkpoint = Checkpoint(start: content.checkpoint.identity) }
            }
            if try await lease.write(if: .hasTag(note.tag)) { return .granted(lease) }
        }
        return .taken(retriesSameBytes: false)
    }

    /// What a note states about the work on an object.
    struct Reservation: Sendable {
        let schema: PinnedSchema?
        let event: ObjectEvent?
        /// Whether all messages were sent.
        let isFinished: Bool
    }

    /// Ensures that a note states with which schema and event an object is converted, without working on it.
    ///
    /// - Parameter work: The work with the function's present schema.
    static func reserve(_ work: ObjectWork, by holder: Holder) async throws -> Reservation {
        for _ in 0..<10 {
            var lease = Lease(work, holder, retriesSameBytes: true)
            var condition = NoteCondition.isAbsent
            if let note = try await holder.notes.read(lease.name) {
                let content = try Content(note, of: work)
                let isFinal = content.isFinal(for: work.schema)
                if isFinal || !content.isFinished {
                    return Reservation(schema: content.schema, event: content.event, isFinished: isFinal)
                }
                condition = .hasTag(note.tag)
            }
            if try await lease.write(if: condition, lasting: nil) {
                return Reservation(schema: work.schema, event: work.event, isFinished: false)
            }
        }
        throw FunctionError(.taken, "other invocations keep changing the note \(name(of: work)); try again later")
    }

    /// Whether all messages of the object were sent, with this schema.
    static func isFinished(_ work: ObjectWork, _ notes: any NoteStore) async throws -> Bool {
        guard let note = try await notes.read(name(of: work)) else { return false }
        let content = try Content(note, of: work)
        return content.isFinished && content.schema == work.schema
    }

    /// Marks the object as finished, even if another invocation holds the lease.
    static func finish(_ work: ObjectWork, at end: Checkpoint, isFaulty: Bool, by holder: Holder) async throws {
        var lease = Lease(work, holder, retriesSameBytes: true)
        lease.checkpoint = end
        lease.isFinished = true
        lease.isFaulty = isFaulty
        _ = try await holder.notes.write(lease.text(lasting: nil), to: lease.name, if: nil)
    }

    /// Makes the work begin anew. The next note states so.
    mutating func restart(_ work: ObjectWork) { (checkpoint, schema) = (work.start, work.schema) }

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
    mutating func finish(isFaulty: Bool) async throws {
        isFinished = true
        self.isFaulty = isFaulty
        try await update(lasting: nil)
    }

    private static func name(of work: ObjectWork) -> String { "\(work.id)/progress.json" }

    private mutating func update(lasting duration: Duration?) async throws {
        if try await write(if: .hasTag(tag), lasting: duration) { return }
        // If the answer to a write was lost, it was written twice, and the note has another tag.
        let text = text(lasting: duration)
        if let note = try await holder.notes.read(name), let own = JSONValue(parsing: text.utf8).flatMap(Content.init),
            let content = JSONValue(parsing: note.text).flatMap(Content.init), content.isFromSameWriter(as: own)
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
        let members = [
            ("owner", JSONWriter.string(holder.requestID)), ("queue", JSONWriter.string(holder.queueURL)),
            ("returns", "\(retriesSameBytes)"), ("until", "\(expiresAt)"), ("isFinished", "\(isFinished)"),
            ("checkpoint", checkpoint.json),
        ]
        let others = [
            ("schema", schema?.json), ("event", event?.json), ("turn", turn.map { "\($0)" }),
            ("isFaulty", isFaulty ? "true" : nil),
        ]
        return JSONWriter.object(members + others.compactMap { name, json in json.map { (name, $0) } })
    }
}

extension Lease {
    private struct Content {
        let owner: String
        let queueURL: String
        let retriesSameBytes: Bool
        let expiresAt: Int64
        let isFinished: Bool
        let isFaulty: Bool
        let checkpoint: Checkpoint
        let schema: PinnedSchema?
        let event: ObjectEvent?
        let turn: UInt64?

        /// Throws if the note is not one that this function wrote about that object.
        init(_ note: Note, of work: ObjectWork) throws(FunctionError) {
            guard let content = JSONValue(parsing: note.text).flatMap(Content.init),
                content.checkpoint.source == work.object.source
            else {
                throw FunctionError(
                    .object,
                    "the note \(Lease.name(of: work)) was not written by this function; remove it"
                )
            }
            self = content
        }

        /// Whether an object with that schema needs no more work.
        func isFinal(for schema: PinnedSchema?) -> Bool { isFinished && !(isFaulty && self.schema != schema) }

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
            isFaulty = value["isFaulty"] == .bool(true)
            self.checkpoint = checkpoint
            schema = value["schema"].flatMap(PinnedSchema.init)
            event = value["event"].map { ObjectEvent($0) }
            turn = value["turn"]?.integer
            if schema == nil, value["schema"] != nil { return nil }
        }

        func isFromSameWriter(as other: Content) -> Bool {
            owner == other.owner && queueURL == other.queueURL && isFinished == other.isFinished
                && isFaulty == other.isFaulty && checkpoint == other.checkpoint && schema == other.schema
        }
    }
}
