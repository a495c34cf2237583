import SluiceEngine

// What the function requires from outside, in its own terms. Errors that these throw count as temporary: the invocation fails
// with them, and is retried.

/// A store that objects are read from.
package protocol ObjectStore: Sendable {
    /// The bytes of a range of an object, in order.
    associatedtype Content: AsyncSequence & Sendable where Content.Element: ByteChunk

    /// Returns the object in its present state, with its version if the bucket keeps versions. Returns nil if the bucket does
    /// not have the object, as after it was deleted.
    func pin(_ object: ObjectReference) async throws -> PinnedObject?

    /// Returns the bytes in `range`, which must not be empty and must lie within the object.
    ///
    /// - Throws: an error if the object has changed since it was pinned.
    func read(_ object: PinnedObject, range: Range<UInt64>) async throws -> Content
}

/// A queue that takes the messages of one object.
///
/// A consumer that has an input's last message (``Message/isLast``) relies on all others being in the queue. So that message
/// must be sent only after every message before it was confirmed.
package protocol MessageQueue: Sendable {
    /// Takes a message, and returns when there is room for another.
    ///
    /// The queue may keep the message to send it with others, and may send it while later ones are made. If that fails, a
    /// later call throws the error.
    func send(_ message: Message) async throws

    /// Returns when all messages have been delivered.
    func flush() async throws
}

/// The services that the function works with.
package protocol FunctionServices: Sendable {
    associatedtype Store: ObjectStore

    /// The time.
    var clock: any FunctionClock { get }

    /// Returns the store of objects; retries are counted in `meter`.
    func store(meter: Meter) -> Store

    /// Reads one version of an object of at most `limit` bytes.
    ///
    /// - Throws: `ServiceFault`, whose kind says whether a retry may help.
    func read(_ object: ObjectReference, limit: Int) async throws -> [UInt8]

    /// Returns a queue for the messages of one object. If it is released without a `flush()`, as after an error that a retry
    /// may resolve, messages not yet sent are dropped.
    ///
    /// - Parameter traceHeader: a header of AWS X-Ray, from which the messages' consumers continue the trace.
    func queue(_ url: String, meter: Meter, traceHeader: String?) throws -> any MessageQueue

    /// Whether consumers get a queue's messages in the order in which they are sent, as from a FIFO queue.
    func keepsOrder(_ url: String) throws -> Bool

    /// Sends a report, a JSON object, to a queue. Returns when it has been delivered.
    func send(report: [UInt8], to url: String) async throws

    /// Returns the store of the notes in `bucket` whose names start with `prefix`.
    func notes(in bucket: String, prefix: String) -> any NoteStore

    /// Has a function invoked asynchronously with an event.
    ///
    /// - Parameters:
    ///   - function: the function's ARN.
    ///   - event: a JSON document.
    func invoke(_ function: String, with event: [UInt8]) async throws

    /// Starts a state machine, once for each name.
    ///
    /// - Parameters:
    ///   - stateMachine: the state machine's ARN.
    ///   - input: a JSON document.
    /// - Returns: whether it was started; false if there has been an execution with this name before.
    func start(_ stateMachine: String, name: String, input: String) async throws -> Bool
}

/// A store of small JSON documents through which invocations share state.
package protocol NoteStore: Sendable {
    /// Reads a note. Returns nil if no note has this name.
    func read(_ name: String) async throws -> Note?

    /// Writes a note and returns its tag. Returns nil if the condition does not hold.
    ///
    /// If an answer was lost and the request was retried, nil may be due to this call's own write. A caller to whom this
    /// matters must read the note.
    func write(_ text: String, to name: String, if condition: NoteCondition?) async throws -> String?
}

/// A note as read.
package struct Note: Sendable, Hashable {
    package var text: [UInt8]
    /// A tag that changes with every write.
    package var tag: String

    package init(text: [UInt8], tag: String) {
        self.text = text
        self.tag = tag
    }
}

/// A condition on the stored note, under which a write happens.
package enum NoteCondition: Sendable, Hashable {
    /// No note exists.
    case isAbsent
    /// The note has this tag.
    case hasTag(String)
}
