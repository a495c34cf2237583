import FoundationEssentials
import NIOCore
import Sluice
import SluiceAWS

/// Writes the rows of messages into a bucket: an object for each message, and a folder for each input. README.md describes it.
struct RowStore: Sendable {
    let s3: S3Client
    let bucket: String
    let prefix: String
    /// The only bucket from which bodies are read: whoever may send messages could name any object.
    let offloadBucket: String?
    /// The most bytes that a body may have.
    private let limit = 64 << 20

    struct Failure: Error, CustomStringConvertible { var description: String }

    /// Writes what the message holds, and returns the folder of its input.
    func add(_ message: ReceivedMessage) async throws -> String {
        guard let source = message.source, !source.isEmpty, let content = message.content else {
            throw Failure(description: "this is no message of Sluice")
        }
        let folder = prefix + Self.name(of: source) + "/"
        switch content {
        case .manifest, .aborted:
            try await put(message.body, folder + "_" + content.rawValue.uppercased())
        case .json, .ndjson, .jsonZstd, .ndjsonZstd, .rejects:
            let rows = try await fetched(message).rows(limit: limit)
            guard let part = RowPart(message, rows: rows.count { $0 == UInt8(ascii: "\n") }) else {
                throw Failure(description: "sluice.id or sluice.range is invalid")
            }
            try await put(rows, folder + (content == .rejects ? "_rejects-" : "") + part.name)
        }
        return folder
    }

    /// Marks an input as complete. Fails unless its manifest is there and proves it.
    func complete(_ folder: String) async throws {
        let body = try await bytes(of: S3Location(bucket: bucket, key: folder + "_MANIFEST"))
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(body))
        var proof = Proof()
        var keys = try await s3.keys(in: bucket, prefix: folder)
        while let last = keys.last {
            for part in keys.compactMap({ RowPart(name: $0.dropFirst(folder.count)) }) { proof.add(part) }
            keys = try await s3.keys(in: bucket, prefix: folder, after: last)
        }
        if let reason = try proof.contradiction(to: manifest) { throw Failure(description: reason) }
        try await put([], folder + "_SUCCESS")
    }

    /// The source as the name of a folder: bytes that are neither letters, digits, `.` nor `-` are `_` and two digits.
    private static func name(of source: String) -> String {
        source.utf8.reduce(into: "") { name, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                name.unicodeScalars.append(UnicodeScalar(byte))
            default: name += "_" + padded(String(byte, radix: 16, uppercase: true), to: 2)
            }
        }
    }

    /// Returns the message with its body, which is in S3 if it was too large for the queue.
    private func fetched(_ message: ReceivedMessage) async throws -> ReceivedMessage {
        guard message.attributes["ExtendedPayloadSize"] != nil else { return message }
        let pointer = try JSONDecoder().decode(Pointer.self, from: Data(message.body))
        guard pointer.bucket == offloadBucket else {
            throw Failure(
                description: "the body is in the bucket \(pointer.bucket), which OFFLOAD_BUCKET does not name"
            )
        }
        let body = try await bytes(of: S3Location(bucket: pointer.bucket, key: pointer.key))
        return ReceivedMessage(body: body, attributes: message.attributes)
    }

    private func bytes(of location: S3Location) async throws -> [UInt8] {
        let object = try await s3.object(at: location)
        guard object.size <= limit else { throw Failure(description: "\(location) has more than \(limit) bytes") }
        return Array(try await s3.bytes(0..<object.size, of: object).readableBytesView)
    }

    private func put(_ bytes: [UInt8], _ key: String) async throws {
        try await s3.put(ByteBuffer(bytes: bytes), to: S3Location(bucket: bucket, key: key))
    }
}

/// `["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"…","s3Key":"…"}]`
private struct Pointer: Decodable {
    var bucket: String
    var key: String

    private struct Place: Decodable { var s3BucketName: String, s3Key: String }

    init(from decoder: any Decoder) throws {
        var elements = try decoder.unkeyedContainer()
        _ = try elements.decode(String.self)
        let place = try elements.decode(Place.self)
        (bucket, key) = (place.s3BucketName, place.s3Key)
    }
}
