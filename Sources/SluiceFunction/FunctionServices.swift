import Sluice
import Synchronization

// What the function needs of the world, in terms of its own. Whatever these throw is trouble that may pass, and the
// invocation fails with it, so that it is tried again.

/// What an object is before it is read, so that it can be told whether it is still the same.
package struct ObjectDescription: Sendable, Hashable {
    /// In bytes.
    package var size: UInt64
    /// As the store writes it, quotes and all.
    package var etag: String
    /// Nil: the bucket keeps no versions.
    package var versionID: String?

    package init(size: UInt64, etag: String, versionID: String? = nil) {
        self.size = size
        self.etag = etag
        self.versionID = versionID
    }
}

/// Where objects are read from.
package protocol ObjectStore: Sendable {
    /// The bytes of a part of an object, in order.
    associatedtype Content: AsyncSequence & Sendable where Content.Element: ByteChunk

    /// What the object is at this moment.
    func describe(_ object: ObjectReference) async throws -> ObjectDescription

    /// The bytes in a range, which is within the object and not empty; an error if it is no longer the object described.
    func read(_ object: ObjectReference, pinned: ObjectDescription, range: Range<UInt64>) async throws -> Content
}

/// The messages of one object on their way to a queue.
package protocol MessageQueue: Sendable {
    /// Takes a message, and returns when there is room for another.
    ///
    /// It may be kept for a while, to be sent with others, and be sent while later ones are made; if that fails, a later
    /// call says so.
    func send(_ message: Message) async throws

    /// Returns when all messages have been delivered.
    func flush() async throws
}

/// What the function is given to work with.
package protocol FunctionServices: Sendable {
    associatedtype Store: ObjectStore

    /// The time.
    var clock: any FunctionClock { get }

    /// Objects; `meter` is told when something is asked for again.
    func store(meter: DeliveryMeter) -> Store

    /// A queue for the messages of one object; nothing of it outlives an object that failed.
    func queue(_ url: String, meter: DeliveryMeter) -> any MessageQueue

    /// Sends a report, a JSON object, to a queue, and returns when it has been delivered.
    func send(report: [UInt8], to url: String) async throws

    /// The notes in a bucket whose names start with a prefix.
    func notes(in bucket: String, prefix: String) -> any NoteStore

    /// Has a function, by its ARN, invoked some time soon with an event, a JSON document.
    func invoke(_ function: String, with event: [UInt8]) async throws

    /// Has a state machine, by its ARN, started with an input, a JSON document; once for each name. False: there has been
    /// an execution of that name before.
    func start(_ stateMachine: String, name: String, input: String) async throws -> Bool
}

/// Small JSON documents that invocations leave for each other.
package protocol NoteStore: Sendable {
    /// Nil: there is none of that name.
    func read(_ name: String) async throws -> Note?

    /// Writes a note and returns its tag; nil: the condition does not hold.
    func write(_ text: String, to name: String, if condition: NoteCondition?) async throws -> String?
}

/// A note as it was read.
package struct Note: Sendable, Hashable {
    package var text: [UInt8]
    /// Changes whenever it is written.
    package var tag: String

    package init(text: [UInt8], tag: String) {
        self.text = text
        self.tag = tag
    }
}

/// What must hold of a note for it to be written.
package enum NoteCondition: Sendable, Hashable {
    case isAbsent
    case hasTag(String)
}

/// What has been delivered: written by a queue, read by whoever reports it.
package final class DeliveryMeter: Sendable {
    private let messageCount = Atomic<UInt64>(0)
    private let batchCount = Atomic<UInt64>(0)
    private let retryCount = Atomic<UInt64>(0)
    private let byteCount = Atomic<UInt64>(0)

    package init() {}

    package var messages: UInt64 { messageCount.load(ordering: .relaxed) }
    package var batches: UInt64 { batchCount.load(ordering: .relaxed) }
    package var retries: UInt64 { retryCount.load(ordering: .relaxed) }
    /// Bytes of messages as SQS counts them.
    package var bytes: UInt64 { byteCount.load(ordering: .relaxed) }

    /// A batch was delivered, or a part of one.
    package func addBatch(messages: Int, bytes: Int) {
        batchCount.wrappingAdd(1, ordering: .relaxed)
        messageCount.wrappingAdd(UInt64(messages), ordering: .relaxed)
        byteCount.wrappingAdd(UInt64(bytes), ordering: .relaxed)
    }

    /// Something was sent or asked for again.
    package func addRetry() { retryCount.wrappingAdd(1, ordering: .relaxed) }
}
