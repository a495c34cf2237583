import Sluice
import SluiceJSON
import SluiceSystem

/// The right to work on an object, and how far the work has come: one note that all invocations for the same bytes under
/// the same configuration share.
///
///     {"owner":"request id","until":1700000060000,"isFinished":false,"checkpoint":{…}}
///
/// Who writes it must have seen what it replaces, so of two invocations one has its way. The right lasts a while and is
/// renewed with every checkpoint; an invocation that was tried again after it died has the same id, and goes on at once.
struct Claim: Sendable {
    enum Answer: Sendable {
        case granted(Claim)
        /// All messages have been sent.
        case finished
        /// Another invocation works on it.
        case taken
    }

    private let notes: any NoteStore
    private let owner: String
    private var tag = ""
    /// How far it has come.
    private(set) var checkpoint: Checkpoint
    private var isFinished = false

    /// How long it lasts if nothing else is known.
    static let usualLease: Duration = .seconds(60)

    private init(_ start: Checkpoint, _ notes: any NoteStore, owner: String) {
        checkpoint = start
        self.notes = notes
        self.owner = owner
    }

    /// Asks for the right to work on what `start` is the start of.
    static func take(_ start: Checkpoint, _ notes: any NoteStore, owner: String) async throws -> Answer {
        // Others may write or remove it between reading and writing, but not for ever.
        for _ in 0..<10 {
            var claim = Claim(start, notes, owner: owner)
            if try await claim.write(if: .isAbsent) { return .granted(claim) }
            guard let note = try await notes.read(claim.name) else { continue }
            guard let value = JSONValue(parsing: note.text), let content = Content(value) else {
                throw FunctionError(.object, "the note \(claim.name) is none that this function wrote; remove it")
            }
            if content.isFinished { return .finished }
            if content.owner != owner, content.until > System.millisecondsSinceEpoch { return .taken }
            claim.checkpoint = content.checkpoint
            if try await claim.write(if: .hasTag(note.tag)) { return .granted(claim) }
        }
        return .taken
    }

    /// Notes a checkpoint, and keeps the right for that long.
    mutating func reach(_ checkpoint: Checkpoint, lease: Duration) async throws {
        self.checkpoint = checkpoint
        try await update(lease: lease)
    }

    /// Leaves the object to whoever asks next.
    mutating func release() async throws { try await update(lease: .zero) }

    /// Notes that all messages have been sent.
    mutating func finish() async throws {
        isFinished = true
        try await update(lease: .zero)
    }

    private var name: String { Self.name(of: checkpoint) }

    private static func name(of checkpoint: Checkpoint) -> String { "\(checkpoint.identity.digest)/progress.json" }

    private mutating func update(lease: Duration) async throws {
        if try await write(if: .hasTag(tag), lease: lease) { return }
        // An answer that was lost is asked for again, and then the note is not what it was.
        let text = text(lease: lease)
        if let note = try await notes.read(name), let value = JSONValue(parsing: note.text),
            let found = Content(value), let own = JSONValue(parsing: text.utf8).flatMap(Content.init),
            found.isFromSameWriter(as: own)
        {
            tag = note.tag
        } else {
            throw FunctionError(.taken, "another invocation works on \(checkpoint.source) now")
        }
    }

    private mutating func write(if condition: NoteCondition, lease: Duration = usualLease) async throws -> Bool {
        guard let tag = try await notes.write(text(lease: lease), to: name, if: condition) else { return false }
        self.tag = tag
        return true
    }

    private func text(lease: Duration) -> String {
        let until = System.millisecondsSinceEpoch + lease.components.seconds * 1000
        return JSONText.object([
            ("owner", JSONText.string(owner)), ("until", "\(until)"), ("isFinished", "\(isFinished)"),
            ("checkpoint", checkpoint.json),
        ])
    }
}

extension Claim {
    private struct Content {
        let owner: String
        let until: Int64
        let isFinished: Bool
        let checkpoint: Checkpoint

        init?(_ value: JSONValue) {
            guard let owner = value["owner"]?.text, let until = value["until"]?.integer.flatMap(Int64.init(exactly:)),
                let checkpoint = value["checkpoint"].flatMap(Checkpoint.init)
            else { return nil }
            self.owner = owner
            self.until = until
            isFinished = value["isFinished"] == .bool(true)
            self.checkpoint = checkpoint
        }

        func isFromSameWriter(as other: Content) -> Bool {
            owner == other.owner && isFinished == other.isFinished && checkpoint == other.checkpoint
        }
    }
}
