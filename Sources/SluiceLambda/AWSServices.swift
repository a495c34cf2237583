import Logging
import Sluice
import SluiceAWS
import SluiceFunction

/// S3 and SQS as the function sees them.
struct AWSServices: FunctionServices {
    let client: AWSClient

    var store: AWSStore { AWSStore(client: S3Client(client)) }

    func queue(_ url: String, meter: DeliveryMeter) -> any MessageQueue {
        AWSQueue(url: url, client: client, meter: meter)
    }

    func send(report: [UInt8], to url: String) async throws {
        try await SQSQueue(url: url, client: client).send(text: report)
    }
}

/// Objects in S3.
struct AWSStore: ObjectStore {
    let client: S3Client

    func describe(_ object: ObjectReference) async throws -> ObjectDescription {
        let found: S3Object
        do throws(AWSError) {
            found = try await client.object(at: location(object, object.versionID))
        } catch {
            throw FunctionError(.service, "\(object.source): \(error)")
        }
        return ObjectDescription(size: found.size, etag: found.entityTag, versionID: found.location.versionID)
    }

    func read(
        _ object: ObjectReference,
        pinned: ObjectDescription,
        range: Range<UInt64>
    ) -> S3Chunks {
        let location = location(object, pinned.versionID ?? object.versionID)
        let pinned = S3Object(location: location, size: pinned.size, entityTag: pinned.etag)
        return client.chunks(of: pinned, range: range)
    }

    private func location(_ object: ObjectReference, _ version: String?) -> S3Location {
        S3Location(bucket: object.bucket, key: object.key, versionID: version)
    }
}

/// The messages of one object on their way to a queue of SQS.
actor AWSQueue: MessageQueue {
    private let url: String
    private let client: AWSClient
    private let meter: DeliveryMeter
    private var sender: SQSSender?
    private var counted = 0

    init(url: String, client: AWSClient, meter: DeliveryMeter) {
        self.url = url
        self.client = client
        self.meter = meter
    }

    func send(_ message: Message) async throws {
        let sender = try sender ?? SQSSender(SQSQueue(url: url, client: client))
        self.sender = sender
        try await sender.send(message)
        bytes += message.size
        await count(sender)
    }

    func flush() async throws {
        guard let sender else { return }
        try await sender.finish()
        await count(sender)
    }

    /// Bytes that were handed over and are not counted yet.
    private var bytes = 0
    private var batches = 0

    /// Tells the meter of the batches that went out since it was last told.
    private func count(_ sender: SQSSender) async {
        let (sent, batches) = (await sender.sent, await sender.batches)
        guard batches > self.batches else { return }
        for batch in self.batches..<batches {
            let isLast = batch == batches - 1
            meter.addBatch(messages: isLast ? sent - counted : 0, bytes: isLast ? bytes : 0)
        }
        (counted, self.batches, bytes) = (sent, batches, 0)
    }
}
