import SluiceAWS
import SluiceCLI
import SluiceEngine

/// Fetching of message bodies that are stored elsewhere.
enum Payloads {
    /// Returns one of Sluice's messages with its actual body.
    static func resolved(
        _ message: SQSReceivedMessage,
        from queue: SQSQueue,
        _ bounds: BodyBounds
    ) throws(SluiceError) -> SQSReceivedMessage {
        if !message.isPointer { return message }
        return try Blocking.waitUnlessInterrupted(about: queue.url) { () async throws(AWSError) in
            do throws(AWSError) {
                return try await S3Client(queue.client).resolved(message, from: bounds.buckets, limit: bounds.largest)
            } catch {
                throw advised(error)
            }
        }
    }

    /// Adds to an error the options that would have allowed the body to be fetched.
    static func advised(_ error: AWSError) -> AWSError {
        var error = error
        switch error.code {
        case S3Client.bucketNotAllowed: error.message += "; to fetch from it, if you trust it: --offload-bucket BUCKET"
        case S3Client.bodyTooLarge: error.message += "; to accept it: --max-body BYTES"
        default: break
        }
        return error
    }
}
