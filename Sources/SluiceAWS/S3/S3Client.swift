public import NIOCore
import NIOHTTP1
import SluiceEngine
import SluicePlatform

/// A client for objects in S3.
public struct S3Client: Sendable {
    let client: AWSClient
    /// Whether the credentials' account agrees to pay for requests, which buckets of other accounts may demand ("Requester
    /// Pays").
    public var paysForRequests = false

    /// Creates a client that uses the connections and credentials of `client`.
    public init(_ client: AWSClient) { self.client = client }

    /// Looks up an object and pins it: reads through the result are of the same bytes or fail.
    public func object(at location: S3Location) async throws(AWSError) -> S3Object {
        let reply = try await head(location)
        guard let size = reply.headers.first(name: "content-length").flatMap({ UInt64($0) }), size <= S3Object.largest,
            let tag = reply.headers.first(name: "etag")
        else { throw malformed("HeadObject", "no ETag for \(location), or no valid size", reply) }
        var location = location
        let version = reply.headers.first(name: "x-amz-version-id")
        if let version, SourceName.isFixed(version: version) { location.versionID = version }
        return S3Object(location: location, size: size, entityTag: tag)
    }

    /// Sends a HEAD request. An error answer to HEAD has no body, so it does not state the reason, nor whether new credentials,
    /// another time or another region would help. An error answer to GET does.
    private func head(_ location: S3Location) async throws(AWSError) -> HTTPReply {
        let head = try request("HeadObject", location, .HEAD)
        do throws(AWSError) { return try await client.send(head) } catch {
            guard error.code.isEmpty, error.kind == .refused || error.kind == .notFound else { throw error }
        }
        var firstByte = try request("GetObject", location, .GET)
        firstByte.headers.append(("range", "bytes=0-0"))
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

    /// Writes an object and returns its ETag. The headers may hold a condition on the object that exists.
    package func write(
        _ body: ByteBuffer,
        to location: S3Location,
        contentType: String,
        headers: [(name: String, value: String)]
    ) async throws(AWSError) -> String {
        var request = try request("PutObject", location, .PUT)
        request.headers += [("content-type", contentType)] + headers
        request.body = body
        let reply = try await client.send(request)
        // S3 always returns the ETag of what it wrote, so an answer without one is not from S3.
        guard let tag = reply.headers.first(name: "etag"), !tag.isEmpty else {
            throw malformed("PutObject", "no ETag for \(location)", reply)
        }
        return tag
    }

    /// Reads all of an object of at most `limit` bytes.
    package func read(_ location: S3Location, limit: Int) async throws(AWSError) -> HTTPReply {
        var request = try request("GetObject", location, .GET)
        request.limit = limit
        return try await client.send(request)
    }

    func request(
        _ operation: String,
        _ location: S3Location,
        _ method: HTTPMethod
    ) throws(AWSError) -> AWSRequest {
        var request = try client.request(.s3, operation, method)
        try request.address(location, in: request.region, client.endpoints)
        if paysForRequests { request.headers = [("x-amz-request-payer", "requester")] }
        if let version = location.versionID { request.query = [("versionId", version)] }
        return request
    }

    func malformed(_ operation: String, _ message: String, _ reply: HTTPReply) -> AWSError {
        AWSService.s3.error(.malformed, operation, "malformedAnswer", message, status: reply.status)
    }
}
