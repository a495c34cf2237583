import NIOCore

extension SQSReceivedMessage {
    /// The body only says where the real one is.
    package var isPointer: Bool { attributes[S3Pointer.sizeAttribute] != nil }
}

extension S3Client {
    /// A message with its real body: fetched, if the message only points to it.
    package func resolved(_ message: SQSReceivedMessage) async throws(AWSError) -> SQSReceivedMessage {
        guard let size = message.attributes[S3Pointer.sizeAttribute] else { return message }
        guard let pointer = S3Pointer(json: message.body.utf8) else {
            throw damaged("message \(message.id) has the attribute \(S3Pointer.sizeAttribute), but points to nothing")
        }
        var message = message
        do throws(AWSError) {
            message.body = try await text(at: pointer.location, size: size)
        } catch {
            throw error.naming(pointer.location)
        }
        return message
    }

    /// The size is compared first, so that no object is fetched that is none of these bodies.
    private func text(at location: S3Location, size: String) async throws(AWSError) -> String {
        let object = try await object(at: location)
        guard UInt64(size) == object.size else {
            throw damaged("it has \(object.size) bytes, not \(size) as the message's \(S3Pointer.sizeAttribute) says")
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
