import ArgumentParser
import SluiceAWS
import SluiceCLI
import SluiceEngine

/// The option that selects the queue.
struct QueueOptions: ParsableArguments {
    @Option(help: "The queue's URL or name (a FIFO queue's ends in .fifo).") var queueUrl: String

    func queue() throws(Failure) -> SQSQueue { try Self.queue(queueUrl) }

    /// Returns the queue with a URL or name.
    static func queue(_ url: String) throws(Failure) -> SQSQueue {
        do throws(AWSError) {
            let client = Network.client
            if url.contains("/") { return try SQSQueue(url: url, client: client) }
            return try Blocking.wait { () async throws(AWSError) in try await SQSQueue.named(url, client: client) }
        } catch {
            throw Failure(error.fault(about: url), input: url)
        }
    }
}
