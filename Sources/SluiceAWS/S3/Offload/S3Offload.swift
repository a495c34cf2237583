import NIOCore
import SluiceEngine

/// Stores bodies that are too large for a queue in S3. The message then only states where its body is, in the format of
/// Amazon's extended clients for SQS.
///
///     body in s3://bucket/PREFIX + sluice.id + .json      {"a":"…"} …
///     message                                             ["software.amazon.payloadoffloading.PayloadS3Pointer",{…}]
///
/// A message's id is derived from its bytes, so sending a message twice writes the same object with the same bytes.
public struct S3Offload: Sendable {
    private let s3: S3Client
    private let bucket: String
    private let prefix: String

    /// Creates an offload to objects in `bucket` whose keys start with `prefix`.
    public init(_ s3: S3Client, bucket: String, prefix: String = "") {
        self.s3 = s3
        self.bucket = bucket
        self.prefix = prefix
    }

    /// `s3://bucket/prefix`.
    package var place: String { "s3://\(bucket)/\(prefix)" }

    /// Returns where the message's body belongs.
    func pointer(to message: Message) -> S3Pointer {
        S3Pointer(bucket: bucket, key: prefix + message.id + Self.suffix(of: message.content))
    }

    /// Writes the message's body to its place.
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
        case .json, .rejects, .manifest, .aborted: ".json"
        case .ndjson: ".ndjson"
        case .jsonZstd: ".json.zst.base64"
        case .ndjsonZstd: ".ndjson.zst.base64"
        }
    }

    private static func type(of content: Message.Content) -> String {
        switch content {
        case .json, .rejects, .manifest, .aborted: "application/json"
        case .ndjson: "application/x-ndjson"
        case .jsonZstd, .ndjsonZstd: "text/plain"
        }
    }
}
