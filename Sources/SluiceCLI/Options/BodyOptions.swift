import ArgumentParser
import SluiceEngine

/// Limits on message bodies. Anyone who can write to a queue decides what its messages hold and what they point to.
package struct BodyOptions: ParsableArguments {
    @Option(help: "Maximum size of a body, as received, decompressed or fetched from S3; the default is 64MiB.")
    var maxBody: String?
    @Option(
        name: .customLong("offload-bucket"),
        help: "An S3 bucket that bodies may be fetched from; repeatable. The default is none."
    )
    var offloadBuckets: [String] = []

    package init() {}

    package func bounds() throws(ValidationError) -> BodyBounds {
        let range = 1...1 << 40
        guard let largest = maxBody.map({ ByteCount.parse($0, in: range) }) ?? MessageRows.usualLimit else {
            throw ValidationError("--max-body takes \(ByteCount.expectation(range))")
        }
        if offloadBuckets.contains("") { throw ValidationError("--offload-bucket takes the name of a bucket") }
        return BodyBounds(largest: largest, buckets: offloadBuckets)
    }
}

/// The maximum size of a body, and the buckets that it may be fetched from.
package struct BodyBounds: Sendable, Hashable {
    /// The maximum size in bytes.
    package var largest: Int
    package var buckets: [String]
}
