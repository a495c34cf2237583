import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The versions of one key, of which one at a time may be converted, and the newest of which is known. With `SLUICE_ORDERED` or
/// `SLUICE_SKIP_STALE`, all invocations share one note for each key:
///
///     {"holder":"s3://inbox/a.csv?versionId=2","turn":2,"until":1700000060000,"sequencer":"0055AED6DCD90281E5"}
///
/// The lease is a version's, not an invocation's: a retry, a continuation and the portions of a large object share it, and
/// ``Lease`` decides which of them works. Each time that another version takes it, a new turn begins. A version that comes again
/// after its turn starts over, so that its messages lie together:
///
///     turn 1  version 1 sends segment 0; its process ends without notice
///             the lease expires
///     turn 2  version 2 sends all of its messages, and ends its turn
///     turn 3  version 1 comes again: its checkpoint is of turn 1, so it sends segment 0 again, and the rest
///
/// An invocation can't send after its deadline, so a lease that outlasts it keeps others out without being renewed. It lasts for
/// twice the time that the invocation has, which the next invocation of the same version needs to begin, and ``margin``.
struct KeyLease: Sendable {
    enum Admission: Sendable {
        /// The version may be converted, in this turn if versions take turns.
        case granted(turn: UInt64?)
        /// A newer version was seen.
        case stale
        /// Another version is being converted.
        case taken(by: String)
    }

    private let notes: any NoteStore
    private let clock: any FunctionClock
    private let timeLeft: Duration
    private let name: String
    private let source: String

    /// How long another version stays out after the last moment at which an invocation can send. A FIFO queue drops a repeated
    /// message for 5 minutes, and a version that starts over must not lose its first messages so. Clocks may differ by a minute.
    static let margin: Duration = .seconds(360)

    init(_ object: PinnedObject, _ notes: any NoteStore, _ context: InvocationContext) {
        self.notes = notes
        clock = context.clock
        timeLeft = context.timeLeft
        source = object.source
        let key = SourceName.address(bucket: object.reference.bucket, key: object.reference.key, version: nil)
        name = "keys/\(Hexadecimal.text(SHA256.digest(Array(key.utf8)))).json"
    }

    /// Asks whether the version may be converted now, and notes what its event states.
    func enter(_ event: ObjectEvent?, _ sharing: WorkSharing) async throws -> Admission {
        try await update { content in
            if sharing.skipsStale, let event, event.isOlder(than: content.newest) { return .stale }
            if sharing.isOrdered {
                if content.holder != source {
                    if content.expiresAt > clock.millisecondsSinceEpoch { return .taken(by: content.holder) }
                    (content.holder, content.turn, content.expiresAt) = (source, content.turn + 1, 0)
                }
                extend(&content)
            }
            if let event, event.sequencer != nil, !event.isOlder(than: content.newest) { content.newest = event }
            return .granted(turn: sharing.isOrdered ? content.turn : nil)
        }
    }

    /// Keeps other versions out while one more invocation works. Returns whether it is still that turn of this version.
    func stay(in turn: UInt64?) async throws -> Bool {
        try await update { content in
            guard content.holder == source, content.turn == turn else { return false }
            extend(&content)
            return true
        }
    }

    /// Ends the version's turn: all its messages were sent.
    func leave() async throws {
        try await update { content in
            if content.holder == source { content.expiresAt = 0 }
        }
    }

    /// Makes the lease outlast this invocation. Of portions that begin at the same time, the first one extends it for all.
    private func extend(_ content: inout Content) {
        func moment(after duration: Duration) -> Int64 {
            clock.millisecondsSinceEpoch + duration.components.seconds * 1000
        }
        if content.expiresAt >= moment(after: timeLeft + Self.margin) { return }
        content.expiresAt = moment(after: timeLeft * 2 + Self.margin)
    }

    /// Changes the note, which others may do at the same time, but not forever.
    private func update<Result>(_ change: (inout Content) -> Result) async throws -> Result {
        for _ in 0..<10 {
            let (found, condition) = try await read()
            var content = found
            let result = change(&content)
            // If the answer to a write is lost, the next attempt finds nothing to change.
            if content == found { return result }
            if try await notes.write(content.json, to: name, if: condition) != nil { return result }
        }
        throw FunctionError(.taken, "other invocations keep changing the note \(name); try again later")
    }

    private func read() async throws -> (Content, NoteCondition) {
        guard let note = try await notes.read(name) else { return (Content(), .isAbsent) }
        guard let content = JSONValue(parsing: note.text).flatMap(Content.init) else {
            throw FunctionError(.object, "the note \(name) was not written by this function; remove it")
        }
        return (content, .hasTag(note.tag))
    }
}

extension KeyLease {
    private struct Content: Equatable {
        var holder = ""
        var turn: UInt64 = 0
        /// Milliseconds since 1970; 0 after the turn.
        var expiresAt: Int64 = 0
        /// The event with the greatest sequencer.
        var newest = ObjectEvent()

        init() {}

        init?(_ value: JSONValue) {
            guard let holder = value["holder"]?.text, let turn = value["turn"]?.boundedInteger,
                let expiresAt = value["until"]?.integer.flatMap(Int64.init(exactly:))
            else { return nil }
            (self.holder, self.turn, self.expiresAt) = (holder, turn, expiresAt)
            newest = ObjectEvent(sequencer: value["sequencer"]?.text)
        }

        var json: String {
            let members = [("holder", JSONWriter.string(holder)), ("turn", "\(turn)"), ("until", "\(expiresAt)")]
            return JSONWriter.object(
                members + (newest.sequencer.map { [("sequencer", JSONWriter.string($0))] } ?? [])
            )
        }
    }
}
