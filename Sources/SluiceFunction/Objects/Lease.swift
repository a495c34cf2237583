import Sluice
import SluiceJSON

/// The right to work on an object, and how far the work has come: one note that all invocations for the same bytes under
/// the same configuration share.
///
///     {"owner":"request id","queue":"https://…","returns":true,"until":1700000060000,"isFinished":false,"checkpoint":{…}}
///
/// Who writes it must have seen what it replaces, so of two invocations one has its way. The right lasts a while and is
/// renewed with every checkpoint; an invocation that was tried again after it died has the same id, and goes on at once. If
/// it returns, that is sure: its event names these very bytes. One that names no version may find a newer one next time.
/// The checkpoint counts for the queue that its messages went to; for another queue the work begins at the start.
struct Lease: Sendable {
    /// Who asks, and where that is noted.
    struct Holder: Sendable {
        let notes: any NoteStore
        let clock: any FunctionClock
        let requestID: String
        /// Where its messages go.
        let queueURL: String
    }

    enum Answer: Sendable {
        case granted(Lease)
        /// All messages have been sent.
        case finished
        /// Another invocation works on it, which, if it fails, comes again for the same bytes, or for others.
        case taken(returns: Bool)
    }

    private let holder: Holder
    private let returns: Bool
    private var tag = ""
    /// How far it has come.
    private(set) var checkpoint: Checkpoint
    private var isFinished = false

    /// How long it lasts if nothing else is known.
    static let usualLease: Duration = .seconds(60)

    private init(_ start: Checkpoint, _ holder: Holder, returns: Bool) {
        checkpoint = start
        self.holder = holder
        self.returns = returns
    }

    /// Asks for the right to work on what `start` is the start of.
    static func take(_ start: Checkpoint, by holder: Holder, returns: Bool) async throws -> Answer {
        // Others may write or remove it between reading and writing, but not for ever.
        for _ in 0..<10 {
            var claim = Lease(start, holder, returns: returns)
            if try await claim.write(if: .isAbsent) { return .granted(claim) }
            guard let note = try await holder.notes.read(claim.name) else { continue }
            let content = try Content(note, of: start, claim.name)
            if content.isFinished { return .finished }
            if content.owner != holder.requestID, content.until > holder.clock.millisecondsSinceEpoch {
                return .taken(returns: content.returns)
            }
            if content.queueURL == holder.queueURL { claim.checkpoint = content.checkpoint }
            if try await claim.write(if: .hasTag(note.tag)) { return .granted(claim) }
        }
        return .taken(returns: false)
    }

    /// Whether all messages of what `start` is the start of have been sent.
    static func isFinished(_ start: Checkpoint, _ notes: any NoteStore) async throws -> Bool {
        let name = name(of: start)
        guard let note = try await notes.read(name) else { return false }
        return try Content(note, of: start, name).isFinished
    }

    /// Notes that all messages up to the end have been sent, whoever has the right to the object: who works on it
    /// nevertheless has nothing to add.
    static func finish(_ end: Checkpoint, by holder: Holder) async throws {
        var claim = Lease(end, holder, returns: true)
        claim.isFinished = true
        _ = try await holder.notes.write(claim.text(lease: nil), to: claim.name, if: nil)
    }

    /// Notes a checkpoint, and keeps the right for that long.
    mutating func reach(_ checkpoint: Checkpoint, lease: Duration) async throws {
        self.checkpoint = checkpoint
        try await update(lease: lease)
    }

    /// Leaves the object to whoever asks next.
    mutating func release() async throws { try await update(lease: nil) }

    /// Notes that all messages have been sent.
    mutating func finish() async throws {
        isFinished = true
        try await update(lease: nil)
    }

    private var name: String { Self.name(of: checkpoint) }

    private static func name(of checkpoint: Checkpoint) -> String { "\(checkpoint.identity.digest)/progress.json" }

    private mutating func update(lease: Duration?) async throws {
        if try await write(if: .hasTag(tag), lease: lease) { return }
        // An answer that was lost is asked for again, and then the note is not what it was.
        let text = text(lease: lease)
        if let note = try await holder.notes.read(name), let own = JSONValue(parsing: text.utf8).flatMap(Content.init),
            try Content(note, of: checkpoint, name).isFromSameWriter(as: own)
        {
            tag = note.tag
        } else {
            throw FunctionError(.taken, "another invocation works on \(checkpoint.source) now")
        }
    }

    private mutating func write(if condition: NoteCondition, lease: Duration? = usualLease) async throws -> Bool {
        guard let tag = try await holder.notes.write(text(lease: lease), to: name, if: condition) else { return false }
        self.tag = tag
        return true
    }

    /// The note. Without a lease the right is over for everybody: this clock's time would still be to come for those whose
    /// clocks are behind.
    private func text(lease: Duration?) -> String {
        let until = lease.map { holder.clock.millisecondsSinceEpoch + $0.components.seconds * 1000 } ?? 0
        return JSONWriter.object([
            ("owner", JSONWriter.string(holder.requestID)), ("queue", JSONWriter.string(holder.queueURL)),
            ("returns", "\(returns)"), ("until", "\(until)"), ("isFinished", "\(isFinished)"),
            ("checkpoint", checkpoint.json),
        ])
    }
}

extension Lease {
    private struct Content {
        let owner: String
        let queueURL: String
        let returns: Bool
        let until: Int64
        let isFinished: Bool
        let checkpoint: Checkpoint

        /// Throws if the note does not say what it should of that input.
        init(_ note: Note, of checkpoint: Checkpoint, _ name: String) throws(FunctionError) {
            guard let content = JSONValue(parsing: note.text).flatMap(Content.init),
                content.checkpoint.identity == checkpoint.identity
            else { throw FunctionError(.object, "the note \(name) is none that this function wrote; remove it") }
            self = content
        }

        init?(_ value: JSONValue) {
            guard let owner = value["owner"]?.text, let queueURL = value["queue"]?.text,
                let until = value["until"]?.integer.flatMap(Int64.init(exactly:)),
                let checkpoint = value["checkpoint"].flatMap(Checkpoint.init)
            else { return nil }
            self.owner = owner
            self.queueURL = queueURL
            returns = value["returns"] == .bool(true)
            self.until = until
            isFinished = value["isFinished"] == .bool(true)
            self.checkpoint = checkpoint
        }

        func isFromSameWriter(as other: Content) -> Bool {
            owner == other.owner && queueURL == other.queueURL && isFinished == other.isFinished
                && checkpoint == other.checkpoint
        }
    }
}
