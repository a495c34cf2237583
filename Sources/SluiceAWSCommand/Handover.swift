import SluiceAWS
import SluiceCLI
import SluiceEngine
import SluicePipeline
import SluicePlatform

/// Hands objects to a function, some in each event, or to the queue that it takes events from, one by one:
///
///     list a page → invoke for each batch → record the last key → list the next page
struct Handover {
    /// Where events go.
    enum Target {
        case function(FunctionTarget)
        case queue(SQSQueue)

        var destination: Destination {
            switch self {
            case .function(let function): Destination(function: function.name)
            case .queue(let queue): Destination(queue: queue.url, largeRows: nil)
            }
        }
    }

    private let target: Target?
    private let batch: Int
    private let file: CheckpointFile?
    private var done = CheckpointFile.DoneObjects()
    /// The objects of the next event, and the size of their own events.
    private var objects: [ObjectReference] = []
    private var size = 0

    /// - Parameters:
    ///   - target: Where events go; nil to only print the objects.
    ///   - batch: The most objects of an event; for a queue 1.
    ///   - file: Where progress is recorded.
    init(to target: Target?, batch: Int, recordedIn file: CheckpointFile?) {
        self.target = target
        self.batch = batch
        self.file = file
    }

    /// Lambda takes 1 MB. But if the function fails, the event goes to a dead-letter queue, with up to 2 KB about the error. Such a
    /// queue takes 256 KiB, unless it is configured for more.
    private static let largest = 250_000

    /// Hands over objects, in the versions that they name, or else in their newest.
    mutating func add(_ names: [String]) throws(Failure) {
        let locations = try names.map { name throws(Failure) in
            guard let location = S3Location(name) else {
                throw Failure(.misuse("it is not s3://bucket/key or s3://bucket/key?versionId=…"), input: name)
            }
            return location
        }
        for location in locations {
            let object = try Failure.naming(location.description) { () throws(SluiceError) in
                try Blocking.waitUnlessInterrupted(about: location.description) { () async throws(AWSError) in
                    try await Network.s3.object(at: location)
                }
            }
            try add(object.location)
        }
        try flush()
    }

    /// Hands over the newest versions of all objects of a selection.
    mutating func add(_ selection: ObjectSelection) throws(Failure) {
        done = try file?.read(besides: InputIdentities([]))?.done ?? done
        var listing = S3Listing(
            of: selection.bucket,
            prefix: selection.prefix,
            after: done.lastKey,
            statesVersions: true,
            Network.s3
        )
        while let page = try listing.nextPage(of: selection.address) {
            for object in page where selection.contains(object.location.key, modified: object.modified) {
                try add(object.location)
            }
        }
        try flush()
        if done.count == 0 { throw selection.nothing }
        try Failure.naming(selection.address) { () throws(SluiceError) in try file?.remove() }
    }

    private mutating func add(_ location: S3Location) throws(Failure) {
        let object = ObjectReference(bucket: location.bucket, key: location.key, versionID: location.versionID)
        // Within the body of a message, quotation marks are escaped, which at most doubles an event.
        let bytes = 2 * object.event.count
        if objects.count == batch || size + bytes > Self.largest { try flush() }
        objects.append(object)
        size += bytes
    }

    /// Hands over the objects that wait.
    private mutating func flush() throws(Failure) {
        guard let last = objects.last else { return }
        try Failure.naming(last.source) { () throws(SluiceError) in try handOver(objects.map(\.event)) }
        done.lastKey = last.key
        done.count += UInt64(objects.count)
        for object in objects { try StandardOutput.write(TerminalText.name(object.source)) }
        let (file, progress) = (file, CheckpointFile.Progress(after: done))
        try Failure.naming(last.source) { () throws(SluiceError) in try file?.replace(with: progress) }
        (objects, size) = ([], 0)
    }

    private func handOver(_ events: [[UInt8]]) throws(SluiceError) {
        switch target {
        case nil: return
        case .function(let function):
            try function.start(with: Event.handover(of: events.map { String(decoding: $0, as: UTF8.self) }))
        case .queue(let queue):
            for event in events {
                try Blocking.waitUnlessInterrupted(about: queue.url) { () async throws(AWSError) in
                    try await queue.send(text: event)
                }
            }
        }
    }
}
