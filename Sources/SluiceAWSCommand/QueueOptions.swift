import ArgumentParser
import Sluice
import SluiceAWS
import SluiceCommandKit

/// Which queue.
struct QueueOptions: ParsableArguments {
    @Option(help: "The queue's URL; of a FIFO queue it ends in .fifo.") var queueUrl: String

    func queue() throws(Failure) -> SQSQueue {
        try Failure.naming(queueUrl) { () throws(SluiceError) in
            do throws(AWSError) { return try SQSQueue(url: queueUrl, client: AWSClient()) } catch {
                throw error.fault(about: queueUrl)
            }
        }
    }
}
