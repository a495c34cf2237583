import NIOCore

extension SQSReceivedMessage {
    /// Whether the body only states where the actual body is.
    package var isPointer: Bool { attributes[S3Pointer.sizeAttribute] != nil }
}

extension S3Client {
    /// The codes of the errors for messages that point to an object that may not be fetched.
    package static var bucketNotAllowed: String { "bucketNotAllowed" }
    package static var bodyTooLarge: String { "bodyTooLarge" }

    /// Returns the message with its actual body, fetched if the message is a pointer.
    ///
    /// Anyone who may write to a queue can make its messages point to any object, and pointers are followed with the
    /// receiver's permissions. So they are followed only into `buckets`, which the receiver named, and only to objects of at
    /// most `limit` bytes.
    package func resolved(
        _ message: SQSReceivedMessage,
        from buckets: [String],
        limit: Int
    ) async throws(AWSError) -> SQSReceivedMessage {
        guard let size = message.attributes[S3Pointer.sizeAttribute] else { return message }
        guard let pointer = S3Pointer(json: message.body.utf8) else {
            throw damaged("message \(message.id) has the attribute \(S3Pointer.sizeAttribute), but points to nothing")
        }
        guard buckets.contains(pointer.bucket) else {
            let bucket = ErrorReply.printable(pointer.bucket)
            let reason = "message \(message.id) points to the bucket \(bucket), which is not allowed"
            throw AWSService.s3.error(.setUp, "GetObject", Self.bucketNotAllowed, reason)
        }
        var message = message
        do throws(AWSError) {
            message.body = try await text(at: pointer.location, size: size, limit: limit)
        } catch {
            throw error.naming(pointer.location)
        }
        return message
    }

    /// Fetches a body. Compares the size first, so that an object that cannot be the body is not fetched.
    private func text(at location: S3Location, size: String, limit: Int) async throws(AWSError) -> String {
        let object = try await object(at: location)
        guard UInt64(size) == object.size else {
            throw damaged(
                "it has \(object.size) bytes, not \(ErrorReply.printable(size)) as the message's "
                    + "\(S3Pointer.sizeAttribute) says"
            )
        }
        guard object.size <= UInt64(clamping: limit) else {
            let reason = "it has \(object.size) bytes, more than the \(limit) that a body may have"
            throw AWSService.s3.error(.refused, "GetObject", Self.bodyTooLarge, reason)
        }
        var body: [UInt8] = []
        body.reserveCapacity(Int(object.size))
        let chunks = chunks(of: object).makeAsyncIterator()
        while let chunk = try await chunks.nextChunk() { body += chunk.readableBytesView }
        guard let text = String(validating: body, as: Unicode.UTF8.self) else { throw damaged("it is not UTF-8") }
        return text
    }

    private func damaged(_ message: String) -> AWSError {
        AWSService.s3.error(.malformed, "GetObject", "wrongPayload", message)
    }
}
