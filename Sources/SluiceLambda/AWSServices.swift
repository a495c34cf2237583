import Logging
import NIOCore
import SluiceAWS
import SluiceEngine
import SluicePipeline

/// The function's services, on S3, SQS, Lambda and Step Functions.
struct AWSServices: FunctionServices {
    private let client: AWSClient
    private let configuration: Configuration
    let clock: any FunctionClock = SystemClock()

    init(_ configuration: Configuration, _ logger: Logger) {
        var client = AWSClient(logger: logger)
        client.idleTimeout = configuration.idleTimeout
        self.client = client
        self.configuration = configuration
    }

    func store(meter: Meter) -> S3Client {
        var s3 = S3Client(client.observing { _ in meter.addRetry() })
        s3.paysForRequests = configuration.paysForRequests
        return s3
    }

    func read(_ object: ObjectReference, limit: Int) async throws -> [UInt8] {
        do throws(AWSError) {
            return Array(try await S3Client(client).read(S3Location(object), limit: limit).body.readableBytesView)
        } catch {
            throw error.serviceFault(about: object.source)
        }
    }

    func queue(_ url: String, meter: Meter, traceHeader: String?) throws -> any MessageQueue {
        let client = client.observing { _ in meter.addRetry() }
        var queue = try sqsQueue(url, client)
        queue.traceHeader = traceHeader
        return SQSSender(
            queue,
            limit: configuration.format.limit,
            offload: configuration.offload.map { S3Offload(S3Client(client), bucket: $0.bucket, prefix: $0.prefix) }
        ) { meter.addBatch(messages: $0, bytes: $1) }
    }

    func keepsOrder(_ url: String) throws -> Bool { try SQSQueue(url: url, client: client).isFIFO }

    func send(report: [UInt8], to url: String) async throws {
        try await sqsQueue(url, client).send(text: report)
    }

    private func sqsQueue(_ url: String, _ client: AWSClient) throws -> SQSQueue {
        var queue = try SQSQueue(url: url, client: client)
        queue.checksMD5 = configuration.checksMD5
        return queue
    }

    func notes(in bucket: String, prefix: String) -> any NoteStore {
        AWSNotes(client: S3Client(client), bucket: bucket, prefix: prefix)
    }

    func invoke(_ function: String, with event: [UInt8]) async throws {
        try await LambdaClient(client).start(function, with: ByteBuffer(bytes: event))
    }

    func start(_ stateMachine: String, name: String, input: String) async throws -> Bool {
        try await StepFunctionsClient(client).start(stateMachine, name: name, input: input)
    }
}

extension S3Client: ObjectStore {
    package func pin(_ object: ObjectReference) async throws -> PinnedObject? {
        do throws(AWSError) {
            let found = try await self.object(at: S3Location(object))
            var pinned = object
            pinned.versionID = found.location.versionID
            return PinnedObject(pinned, size: found.size, etag: found.entityTag)
        } catch {
            if error.isNoSuchObject { return nil }
            throw error
        }
    }

    package func read(_ object: PinnedObject, range: Range<UInt64>) -> S3Chunks {
        let pinned = S3Object(location: S3Location(object.reference), size: object.size, entityTag: object.etag)
        // Four ranges at a time take 16 MiB, and are enough to hide the latency of S3.
        return chunks(of: pinned, range: range, size: 4 << 20)
    }
}

extension S3Location {
    fileprivate init(_ object: ObjectReference) {
        self.init(bucket: object.bucket, key: object.key, versionID: object.versionID)
    }
}

extension SQSSender: MessageQueue {
    package func flush() async throws { try await finish() }
}
