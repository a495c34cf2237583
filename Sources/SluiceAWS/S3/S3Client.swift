public import NIOCore
import NIOHTTP1

/// Objects in S3.
public struct S3Client: Sendable {
    let client: AWSClient

    /// Makes a client that uses the other's connections and credentials.
    public init(_ client: AWSClient) { self.client = client }

    /// Finds out what is at a location, and pins it: what is read through the result is of that very object.
    public func object(at location: S3Location) async throws(AWSError) -> S3Object {
        let reply = try await head(location)
        guard let size = reply.headers.first(name: "content-length").flatMap({ UInt64($0) }), size <= S3Object.largest,
            let tag = reply.headers.first(name: "etag")
        else { throw malformed("HeadObject", "no ETag of \(location), or no size that an object can have", reply) }
        var location = location
        let version = reply.headers.first(name: "x-amz-version-id")
        // Objects of a bucket without versions have none, or one that is called null and can be overwritten.
        if let version, version != "null" { location.versionID = version }
        return S3Object(location: location, size: size, entityTag: tag)
    }

    /// Asks about an object. The refusal of a HEAD has no body that would say why, and so not whether new credentials would
    /// help; that of a GET has.
    private func head(_ location: S3Location) async throws(AWSError) -> HTTPReply {
        let head = try request("HeadObject", location, .HEAD)
        do throws(AWSError) { return try await client.send(head) } catch {
            guard error.code.isEmpty, error.status == 400 || error.status == 403 else { throw error }
        }
        var firstByte = try request("GetObject", location, .GET)
        firstByte.headers = [("range", "bytes=0-0")]
        do throws(AWSError) { _ = try await client.send(firstByte) } catch {
            // An empty object has no first byte.
            if error.status != 416 { throw error }
        }
        return try await client.send(head)
    }

    /// Writes an object.
    public func put(
        _ body: ByteBuffer,
        to location: S3Location,
        contentType: String = "application/octet-stream"
    ) async throws(AWSError) {
        _ = try await write(body, to: location, contentType: contentType, headers: [])
    }

    /// Writes an object and returns its ETag.
    func write(
        _ body: ByteBuffer,
        to location: S3Location,
        contentType: String,
        headers: [(name: String, value: String)]
    ) async throws(AWSError) -> String {
        var request = try request("PutObject", location, .PUT)
        request.headers = [("content-type", contentType)] + headers
        request.body = body
        let reply = try await client.send(request)
        // An answer of success without the ETag of what was written is no word of S3's.
        guard let tag = reply.headers.first(name: "etag"), !tag.isEmpty else {
            throw malformed("PutObject", "no ETag of \(location)", reply)
        }
        return tag
    }

    /// Reads all of an object of at most `limit` bytes.
    func read(_ location: S3Location, limit: Int) async throws(AWSError) -> HTTPReply {
        var request = try request("GetObject", location, .GET)
        request.limit = limit
        return try await client.send(request)
    }

    func request(
        _ operation: String,
        _ location: S3Location,
        _ method: HTTPMethod
    ) throws(AWSError) -> AWSRequest {
        var endpoint = try client.endpoints.endpoint(for: .s3)
        var path = "/" + PercentEncoding.encoded(location.key, keepsSlashes: true)
        // A name that is no part of a host's name, and stand-ins for AWS, have the bucket in the path.
        if try client.endpoints.override(for: .s3) == nil, Self.isHostLabel(location.bucket) {
            endpoint.host = "\(location.bucket).\(endpoint.host)"
        } else {
            path = "/" + PercentEncoding.encoded(location.bucket) + path
        }
        let region = try client.endpoints.region(for: .s3)
        var request = AWSRequest(.s3, operation, at: endpoint, region: region, method: method)
        request.path = path
        if let version = location.versionID { request.query = [("versionId", version)] }
        return request
    }

    private static func isHostLabel(_ bucket: String) -> Bool {
        !bucket.isEmpty
            && bucket.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 || $0 == UInt8(ascii: "-") }
    }

    func malformed(_ operation: String, _ message: String, _ reply: HTTPReply) -> AWSError {
        AWSError(
            .malformed,
            service: AWSService.s3.title,
            operation: operation,
            code: "malformedAnswer",
            message: message,
            status: reply.status
        )
    }
}
