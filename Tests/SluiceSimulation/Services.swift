import SluiceEngine
import SluicePipeline

/// The services of the world as one invocation sees them.
struct Services: FunctionServices {
    let process: Process

    private var world: World { process.world }

    var clock: any FunctionClock { process }

    func store(meter: Meter) -> Store { Store(process: process) }

    func read(_ object: ObjectReference, limit: Int) async throws -> [UInt8] {
        try await process.call("read \(object.source)") {
            guard let bytes = Script.schemas[object] else { throw Store.Missing() }
            return bytes
        }
    }

    func queue(_ url: String, meter: Meter, traceHeader: String?) -> any MessageQueue {
        Sender(process, meter, to: url == Script.errorQueue ? world.rejects : world.queue)
    }

    func keepsOrder(_ url: String) -> Bool { world.queue.isFIFO }

    func send(report: [UInt8], to url: String) async throws {
        let text = String(decoding: report, as: Unicode.UTF8.self)
        try await process.call("report \(text)") { world.reports.append(Report(text: text, process: process)) }
    }

    func notes(in bucket: String, prefix: String) -> any NoteStore { Notes(process: process, prefix: prefix) }

    func invoke(_ function: String, with event: [UInt8]) async throws {
        try await process.call("invoke") { world.invoke(String(decoding: event, as: Unicode.UTF8.self)) }
    }

    func start(_ stateMachine: String, name: String, input: String) async throws -> Bool {
        try await process.call("start \(name)") { world.start(name, input) }
    }
}

struct Store: ObjectStore {
    /// The object does not exist.
    struct Missing: Error, CustomStringConvertible {
        var description: String { "no such object" }
    }

    /// The object is no longer the one that was described.
    struct Changed: Error, CustomStringConvertible {
        var description: String { "the object has changed" }
    }

    let process: Process

    func pin(_ object: ObjectReference) async throws -> PinnedObject? {
        try await process.call("describe \(object.source)") {
            guard let version = process.world.bucket.version(object.key, object.versionID),
                let content = version.content
            else { return nil }
            var pinned = object
            if version.id != "null" { pinned.versionID = version.id }
            return PinnedObject(pinned, size: UInt64(content.bytes.count), etag: content.etag)
        }
    }

    func read(_ object: PinnedObject, range: Range<UInt64>) -> Bytes {
        Bytes(process: process, object: object, range: range)
    }

    /// The bytes of a range, read in parts, each on the condition that the object has not changed.
    struct Bytes: AsyncSequence, AsyncIteratorProtocol, Sendable {
        let process: Process
        let object: PinnedObject
        var range: Range<UInt64>

        func makeAsyncIterator() -> Bytes { self }

        mutating func next() async throws -> [UInt8]? {
            if range.isEmpty { return nil }
            let size = UInt64(process.world.number(1...400))
            let part = range.lowerBound..<Swift.min(range.upperBound, range.lowerBound + size)
            let bytes = try await process.call("read \(part) of \(object.reference.source)") {
                let version = process.world.bucket.version(object.reference.key, object.reference.versionID)
                guard let content = version?.content else { throw Missing() }
                guard content.etag == object.etag else { throw Changed() }
                return Array(content.bytes[Int(part.lowerBound)..<Int(part.upperBound)])
            }
            // A connection may end early.
            let isCut = process.world.happens(process.world.weather.failures)
            range = isCut ? 0..<0 : part.upperBound..<range.upperBound
            return isCut ? bytes.dropLast() : bytes
        }
    }
}

struct Notes: NoteStore {
    let process: Process
    let prefix: String

    private var world: World { process.world }

    func read(_ name: String) async throws -> Note? {
        try await process.call("read \(name)") { world.notes[prefix + name] }
    }

    func write(_ text: String, to name: String, if condition: NoteCondition?) async throws -> String? {
        try await process.call("write \(name) if \(condition.map { "\($0)" } ?? "-"): \(text)") {
            let found = world.notes[prefix + name]
            switch condition {
            case .isAbsent where found != nil: return nil
            case .hasTag(let tag) where found?.tag != tag: return nil
            default: break
            }
            // As in S3, the same text has the same tag.
            let note = Note(text: Array(text.utf8), tag: Content.etag(Array(text.utf8)))
            world.notes[prefix + name] = note
            return note.tag
        }
    }
}
