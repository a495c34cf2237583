import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The file of `--checkpoint`: how far a run has come, so that another run can continue from there.
///
/// The file is replaced atomically and is on disk before the run continues. Whenever the process or the machine stops,
/// the file holds either the old checkpoint or the new one.
///
/// It also records where the messages went: `{"destination":{"queue":"https://…"},"source":…}`. Sending the rest
/// to another destination would leave both incomplete. With `--recursive` it has the objects that are done, too; the members of a
/// checkpoint are then those of the object in work, and missing between two objects:
///
///     {"destination":{…},"listing":{"prefix":"s3://inbox/2026/","suffixes":[".csv"],"configuration":"…","after":"2026/a.csv","count":1,…},…}
package struct CheckpointFile {
    private let path: String
    private let destination: Destination
    private let listing: Listing?
    private let event: ObjectEvent?

    /// What the objects of a run are, and with which configuration they are converted; nil if the run does not convert them.
    package struct Listing: Sendable, Hashable {
        package var selection: ObjectSelection
        package var configuration: String?

        package init(_ selection: ObjectSelection, configuration: String? = nil) {
            self.selection = selection
            self.configuration = configuration
        }
    }

    /// - Parameters:
    ///   - listing: The objects of the run; nil for a run of one input.
    ///   - event: What all messages of the input state; nil if nothing.
    package init(
        _ path: String,
        _ destination: Destination,
        of listing: Listing? = nil,
        stating event: ObjectEvent? = nil
    ) {
        self.path = path
        self.destination = destination
        self.listing = listing
        self.event = event
    }

    /// Returns what is in the file, or nil if the file does not exist. Also finds out, before anything is sent,
    /// whether a checkpoint can be written.
    ///
    /// - Parameter inputs: the files that the run reads; the checkpoint must be none of them.
    /// - Throws: also if the checkpoint is for another destination or, like a library's, names none, or for other objects.
    package func read(besides inputs: InputIdentities) throws(Failure) -> Progress? {
        try Failure.naming(path) { () throws(SluiceError) in
            try AtomicFile(path, besides: inputs.all).discard()
            switch System.entry(at: path) {
            case .nothing, .brokenLink: return nil
            case .file, .directory, .other: break
            }
            guard let text = System.contents(of: path, limit: Self.largest), let value = JSONValue(parsing: text),
                let progress = Progress(value)
            else {
                throw .unusable("it is not a valid checkpoint; to start over, remove it")
            }
            guard let old = value["destination"].flatMap(Destination.init) else {
                throw .unusable(
                    "the checkpoint does not state which queue its messages went to; to start over, remove it"
                )
            }
            if let objection = old.objection(to: destination) {
                throw .misuse("the checkpoint is for \(objection); to start over, remove it")
            }
            if value["listing"].flatMap(ObjectSelection.init) != listing?.selection {
                throw .misuse(
                    "the checkpoint is for other objects, or other --suffix or --since; to start over, remove it"
                )
            }
            if value["event"]?.text != event?.json {
                throw .unusable("the checkpoint was made with another --event; to start over, remove it")
            }
            if let listing, value["listing"]?["configuration"]?.text != listing.configuration {
                throw .unusable("the checkpoint was made with other options; to start over, remove it")
            }
            return progress
        }
    }

    /// Replaces the content of the file.
    package func replace(with progress: Progress) throws(SluiceError) {
        let file = try AtomicFile(path, besides: nil)
        var sink = file.sink
        let listing = listing.map { [("listing", JSONWriter.object($0.members + progress.done.members))] } ?? []
        let event = event.map { [("event", JSONWriter.string($0.json))] } ?? []
        let members = [("destination", destination.json)] + event + listing + (progress.checkpoint?.members ?? [])
        try sink.write(Array("\(JSONWriter.object(members))\n".utf8))
        try file.commit(replaces: true)
    }

    /// Removes the file, after everything is delivered.
    package func remove() throws(SluiceError) { try AtomicFile.remove(path) }

    /// The most bytes of a checkpoint file. A checkpoint's length depends only on its number of empty spans.
    private static var largest: Int { 1 << 26 }
}

extension CheckpointFile.Listing {
    fileprivate var members: [(name: String, json: String)] {
        selection.members + (configuration.map { [("configuration", JSONWriter.string($0))] } ?? [])
    }
}

extension CheckpointFile {
    /// How far a run has come.
    package struct Progress: Sendable, Hashable {
        /// Where to continue in an input; nil between two objects.
        package var checkpoint: Checkpoint?
        package var done: DoneObjects

        package init(_ checkpoint: Checkpoint? = nil, after done: DoneObjects = DoneObjects()) {
            self.checkpoint = checkpoint
            self.done = done
        }

        /// Reads it from the file. Returns nil if it has neither a checkpoint nor objects.
        fileprivate init?(_ value: JSONValue) {
            checkpoint = Checkpoint(value)
            guard let listing = value["listing"] else {
                done = DoneObjects()
                if checkpoint == nil { return nil }
                return
            }
            guard let done = DoneObjects(listing), checkpoint != nil || value["source"] == nil else { return nil }
            self.done = done
        }
    }

    /// The objects of a selection that a run has done. It takes them in the order of their keys' bytes.
    package struct DoneObjects: Sendable, Hashable {
        /// The last one's key; nil if there is none.
        package var lastKey: String?
        /// How many there are, and how many of them could not be converted.
        package var count: UInt64 = 0
        package var failed: UInt64 = 0
        /// Whether records of any were rejected.
        package var haveRejects = false

        package init() {}

        fileprivate var members: [(name: String, json: String)] {
            (lastKey.map { [("after", JSONWriter.string($0))] } ?? [])
                + [("count", "\(count)"), ("failed", "\(failed)"), ("rejects", "\(haveRejects)")]
        }

        fileprivate init?(_ value: JSONValue) {
            guard let count = value["count"]?.integer, let failed = value["failed"]?.integer,
                case .bool(let rejects) = value["rejects"]
            else { return nil }
            (lastKey, self.count, self.failed, haveRejects) = (value["after"]?.text, count, failed, rejects)
        }
    }
}

/// The destination of a run: a queue for messages, or a function for objects.
package struct Destination: Sendable, Hashable {
    private enum Kind: String, CaseIterable {
        case queue
        case function
    }

    private let kind: Kind
    /// The queue's URL, or the function's name.
    private let name: String
    /// The bucket and prefix for rows that fit no message, `s3://bucket/prefix`, or nil.
    private let largeRows: String?

    package init(queue: String, largeRows: String?) { self.init(.queue, queue, largeRows) }
    package init(function: String) { self.init(.function, function, nil) }

    private init(_ kind: Kind, _ name: String, _ largeRows: String?) {
        self.kind = kind
        self.name = name
        self.largeRows = largeRows
    }

    var json: String {
        let largeRows = largeRows.map { [(name: "largeRows", json: JSONWriter.string($0))] } ?? []
        return JSONWriter.object([(kind.rawValue, JSONWriter.string(name))] + largeRows)
    }

    /// Parses ``json``. Returns nil if the value is not a destination.
    init?(_ value: JSONValue) {
        let named = Kind.allCases.compactMap { kind in value[kind.rawValue]?.text.map { (kind, $0) } }
        guard let (kind, name) = named.first else { return nil }
        self.init(kind, name, value["largeRows"]?.text)
    }

    /// Returns why a run to this destination can't continue to another, or nil if it can.
    func objection(to other: Destination) -> String? {
        if (kind, name) != (other.kind, other.name) {
            return "the \(kind) \(name), not for the \(other.kind) \(other.name)"
        }
        if largeRows == other.largeRows { return nil }
        return "messages with large rows in \(largeRows ?? "no bucket"), not in \(other.largeRows ?? "no bucket")"
    }
}
