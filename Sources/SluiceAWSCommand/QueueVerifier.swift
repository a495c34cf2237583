import SluiceAWS
import SluiceCLI
import SluiceEngine

/// Verifies the messages of a queue, and returns them to it.
struct QueueVerifier: RemoteQueueProvider {
    func verify(_ url: String, _ reading: QueueReading, _ verifier: Verifier) throws(Failure) -> Bool {
        let queue = try QueueOptions.queue(url)
        if queue.isFIFO { throw Failure(Self.refusal, input: queue.url) }
        // After a signal, too, the received messages must be returned.
        Interruption.shared.watch()
        let peeked = PeekedMessages(queue)
        let holds: Bool
        do throws(Failure) {
            let archive = try Failure.naming(queue.url) { () throws(SluiceError) in try peeked.archive(reading) }
            holds = try verifier.holds(for: archive, from: queue.url)
        } catch {
            // Report the first error, not one of returning the messages.
            try? peeked.giveBack(deletes: false)
            throw error
        }
        try Failure.naming(queue.url) { () throws(SluiceError) in try peeked.giveBack(deletes: reading.deletes && holds)
        }
        return holds
    }

    private static var refusal: SluiceError {
        .misuse(
            "a FIFO queue delivers no further messages of an input until those it delivered are deleted; receive them, "
                + "or verify what sluice messages writes"
        )
    }
}
