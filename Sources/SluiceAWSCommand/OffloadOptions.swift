import ArgumentParser
import SluiceAWS
import SluiceEngine

/// Options for where the bodies of messages go that are too large for the queue.
struct OffloadOptions: ParsableArguments {
    @Option(help: "With --oversize offload: the bucket for rows too large for a message.") var offloadBucket: String?
    @Option(help: "With --oversize offload: the key prefix, such as rows/, before the message's id.")
    var offloadPrefix: String?

    /// Returns the offload, or nil if the format does not require one.
    func offload(_ format: MessageFormat) throws(ValidationError) -> S3Offload? {
        guard format.oversize == .offload else {
            if offloadBucket == nil, offloadPrefix == nil { return nil }
            throw ValidationError("--offload-bucket and --offload-prefix require --oversize offload")
        }
        guard let offloadBucket, !offloadBucket.isEmpty else {
            throw ValidationError("--oversize offload needs --offload-bucket, a bucket for rows that fit no message")
        }
        return S3Offload(S3Client(Network.client), bucket: offloadBucket, prefix: offloadPrefix ?? "")
    }
}
