import ArgumentParser
import Sluice

/// What bodies of messages may be: whoever can write to a queue decides what they hold and what they point to.
package struct BodyOptions: ParsableArguments {
    @Option(
        help: """
            The most that a body may hold, also unpacked or fetched from S3; 64MiB if not given.
            """
    )
    var maxBody: String?
    @Option(
        name: .customLong("offload-bucket"),
        help: "A bucket of S3 that bodies may be fetched from; may be given several times. Without it, from none."
    )
    var offloadBuckets: [String] = []

    package init() {}

    package func bounds() throws(ValidationError) -> BodyBounds {
        let range = 1...1 << 40
        guard let largest = maxBody.map({ ByteCount.parse($0, in: range) }) ?? BodyBounds.usual else {
            throw ValidationError("--max-body takes \(ByteCount.expectation(range))")
        }
        if offloadBuckets.contains("") { throw ValidationError("--offload-bucket takes the name of a bucket") }
        return BodyBounds(largest: largest, buckets: offloadBuckets)
    }

    /// Nothing of it was given.
    var isEmpty: Bool { maxBody == nil && offloadBuckets.isEmpty }
}

/// How large a body may be, and where it may be fetched from.
package struct BodyBounds: Sendable, Hashable {
    /// Bytes.
    package var largest: Int
    package var buckets: [String]

    package static let usual = 64 << 20
}
