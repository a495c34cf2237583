public import NIOCore
import NIOHTTP1
import Tracing

extension S3Client {
    /// Reads a range of an object, which must lie within it.
    ///
    /// If the connection breaks or stalls, the next request continues after the bytes that have arrived, so that a large range
    /// arrives over a slow link too.
    ///
    /// - Throws: an error of the kind ``AWSError/Kind/changed`` if the object has changed.
    public func bytes(_ range: Range<UInt64>, of object: S3Object) async throws(AWSError) -> ByteBuffer {
        try await client.tracing(
            .s3,
            "GetObject",
            attributes: {
                $0["aws.s3.bucket"] = object.location.bucket
                $0["aws.s3.key"] = object.location.key
                $0["sluice.offset"] = Int(clamping: range.lowerBound)
                $0["sluice.bytes"] = range.count
            }
        ) { () async throws(AWSError) in
            try await fetch(range, of: object)
        }
    }

    private func fetch(_ range: Range<UInt64>, of object: S3Object) async throws(AWSError) -> ByteBuffer {
        var (body, rest, retries) = (ByteBuffer(), range, client.retries())
        while !rest.isEmpty {
            switch try await client.attempt(try rangeRequest(rest, of: object)) {
            case .success(let reply):
                try check(reply, rest, object)
                guard reply.body.readableBytes == rest.count else {
                    throw malformed("GetObject", "\(reply.body.readableBytes) bytes instead of \(rest.count)", reply)
                }
                Self.append(reply.body, to: &body)
                return body
            case .failure(let error, let partial):
                if error.kind == .changed || error.status == 416 { throw changed(error) }
                if let partial {
                    try check(partial, rest, object)
                    Self.append(partial.body, to: &body)
                    rest = rest.lowerBound + UInt64(partial.body.readableBytes)..<range.upperBound
                    // A request that made progress does not count as failed, so it uses no retries. This terminates because
                    // the range shrinks.
                    if partial.body.readableBytes >= Self.progress {
                        retries = client.retries()
                        continue
                    }
                }
                try await retries.wait(after: error)
            }
        }
        return body
    }

    /// The least number of bytes with which an interrupted request counts as progress.
    private static var progress: Int { 1 << 16 }

    private static func append(_ part: ByteBuffer, to body: inout ByteBuffer) {
        // Usually the part is the whole body and need not be copied.
        if body.readableBytes == 0 { body = part } else { body.writeImmutableBuffer(part) }
    }

    private func rangeRequest(_ range: Range<UInt64>, of object: S3Object) throws(AWSError) -> AWSRequest {
        var request = try request("GetObject", object.location, .GET)
        request.headers += [
            ("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"), ("if-match", object.entityTag),
        ]
        request.limit = range.count
        return request
    }

    /// Throws if the answer is about another object or another range.
    private func check(_ reply: HTTPReply, _ range: Range<UInt64>, _ object: S3Object) throws(AWSError) {
        // A server that ignores If-Match still reports the ETag of what it sends.
        if let tag = reply.headers.first(name: "etag"), tag != object.entityTag { throw changed(nil) }
        // A range that covers the whole object may be answered with the whole object.
        guard reply.status == 206 || range == 0..<object.size else {
            throw malformed("GetObject", "status \(reply.status) for a range", reply)
        }
        if let given = reply.headers.first(name: "content-range"), !given.hasPrefix("bytes \(range.lowerBound)-") {
            throw malformed("GetObject", "the range '\(ErrorReply.printable(given))' instead of \(range)", reply)
        }
    }

    private func changed(_ error: AWSError?) -> AWSError {
        let message = "the object changed while it was read"
        var changed = AWSService.s3.error(.changed, "GetObject", "PreconditionFailed", message)
        if let error {
            (changed.code, changed.status) = (error.code, error.status)
            (changed.requestID, changed.extendedRequestID) = (error.requestID, error.extendedRequestID)
        }
        return changed
    }
}
