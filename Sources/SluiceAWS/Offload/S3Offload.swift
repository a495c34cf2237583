import NIOCore
public import Sluice

/// Where bodies go that are too large for a queue: into S3, so that the message only says where its body is, as Amazon's
/// extended clients for SQS do it.
///
///     body in s3://bucket/PREFIX + sluice.id + .json      {"a":"…"} …
///     message                                             ["software.amazon.payloadoffloading.PayloadS3Pointer",{…}]
///
/// The id of a message names its bytes, so a message that is sent twice is the same object, written with the same bytes.
public struct S3Offload: Sendable {
    private let s3: S3Client
    private let bucket: String
    private let prefix: String

    /// Makes a place for bodies: objects of that bucket whose keys begin with that prefix.
    public init(_ s3: S3Client, bucket: String, prefix: String = "") {
        self.s3 = s3
        self.bucket = bucket
        self.prefix = prefix
    }

    /// `s3://bucket/prefix`.
    package var place: String { "s3://\(bucket)/\(prefix)" }

    /// Where the message's body belongs.
    func pointer(to message: Message) -> S3Pointer {
        S3Pointer(bucket: bucket, key: prefix + message.id + Self.suffix(of: message.content))
    }

    /// Writes the message's body there.
    func put(_ message: Message) async throws(AWSError) {
        let location = pointer(to: message).location
        do throws(AWSError) {
            try await s3.put(
                ByteBuffer(bytes: message.body),
                to: location,
                contentType: Self.type(of: message.content)
            )
        } catch {
            throw error.naming(location)
        }
    }

    private static func suffix(of content: Message.Content) -> String {
        switch content {
        case .json, .manifest, .aborted: ".json"
        case .ndjson: ".ndjson"
        case .jsonZstd: ".json.zst.base64"
        case .ndjsonZstd: ".ndjson.zst.base64"
        }
    }

    private static func type(of content: Message.Content) -> String {
        switch content {
        case .json, .manifest, .aborted: "application/json"
        case .ndjson: "application/x-ndjson"
        case .jsonZstd, .ndjsonZstd: "text/plain"
        }
    }
}
