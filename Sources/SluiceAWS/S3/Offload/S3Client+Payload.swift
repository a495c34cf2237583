import NIOCore

extension SQSReceivedMessage {
    /// Whether the body only states where the actual body is.
    package var isPointer: Bool { attributes[S3Pointer.sizeAttribute] != nil }
}

/// The objects that bodies of messages may be fetched from.
///
/// Anyone who may write to a queue can make its messages point to any object, and pointers are followed with the receiver's
/// permissions. So they are followed only into buckets that the receiver named, and only to objects within the size limit.
package struct PayloadRules: Sendable, Hashable {
    package var buckets: Set<String>
    /// The most bytes that an object may have.
    package var limit: Int

    /// The codes of the errors for messages that break the rules.
    package static let notAllowed = "bucketNotAllowed"
    package static let tooLarge = "bodyTooLarge"

    package init(buckets: some Sequence<String>, limit: Int) {
        self.buckets = Set(buckets)
        self.limit = limit
    }
}

extension S3Client {
    /// Returns the message with its actual body, fetched if the message is a pointer.
    package func resolved(
        _ message: SQSReceivedMessage,
        _ rules: PayloadRules
    ) async throws(AWSError) -> SQSReceivedMessage {
        guard let size = message.attributes[S3Pointer.sizeAttribute] else { return message }
        guard let pointer = S3Pointer(json: message.body.utf8) else {
            throw damaged("message \(message.id) has the attribute \(S3Pointer.sizeAttribute), but points to nothing")
        }
        guard rules.buckets.contains(pointer.bucket) else {
            let bucket = ErrorReply.printable(pointer.bucket)
            throw AWSError(
                .setUp,
                service: AWSService.s3.title,
                operation: "GetObject",
                code: PayloadRules.notAllowed,
                message: "message \(message.id) points to the bucket \(bucket), which is not allowed"
            )
        }
        var message = message
        do throws(AWSError) {
            message.body = try await text(at: pointer.location, size: size, limit: rules.limit)
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
            throw AWSError(
                .refused,
                service: AWSService.s3.title,
                operation: "GetObject",
                code: PayloadRules.tooLarge,
                message: "it has \(object.size) bytes, more than the \(limit) that a body may have"
            )
        }
        var body: [UInt8] = []
        body.reserveCapacity(Int(object.size))
        let chunks = chunks(of: object).makeAsyncIterator()
        while let chunk = try await chunks.nextChunk() { body += chunk.readableBytesView }
        guard let text = String(validating: body, as: Unicode.UTF8.self) else { throw damaged("it is not UTF-8") }
        return text
    }

    private func damaged(_ message: String) -> AWSError {
        AWSError(
            .malformed,
            service: AWSService.s3.title,
            operation: "GetObject",
            code: "wrongPayload",
            message: message
        )
    }
}
