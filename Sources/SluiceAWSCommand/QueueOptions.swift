import ArgumentParser
import Sluice
import SluiceAWS
import SluiceCommandKit

/// Which queue.
struct QueueOptions: ParsableArguments {
    @Option(help: "The queue's URL, or its name; of a FIFO queue it ends in .fifo.") var queueUrl: String

    func queue() throws(Failure) -> SQSQueue {
        do throws(AWSError) {
            let client = AWSClient()
            if queueUrl.contains("/") { return try SQSQueue(url: queueUrl, client: client) }
            let name = queueUrl
            return try Blocking.wait { () async throws(AWSError) in try await SQSQueue.named(name, client: client) }
        } catch {
            throw Failure(error.fault(about: queueUrl), input: queueUrl)
        }
    }
}
