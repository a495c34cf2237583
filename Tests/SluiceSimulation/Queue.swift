import SluiceEngine
import SluicePipeline

/// An SQS queue, with all accepted messages in order. No consumer removes them.
///
/// Safe to share between tasks, as the world is.
final class Queue: @unchecked Sendable {
    /// How long a FIFO queue drops repeated messages, in milliseconds.
    private static let memory: Int64 = 300_000

    let isFIFO: Bool
    private(set) var messages: [Message] = []
    private var times: [String: Int64] = [:]

    init(isFIFO: Bool) { self.isFIFO = isFIFO }

    /// Takes a message, without what its event stated. Returns whether it is in the queue now, and was not dropped.
    func accept(_ message: Message, at time: Int64) -> Bool {
        if isFIFO, let earlier = times[message.id], time - earlier < Self.memory { return false }
        times[message.id] = time
        messages.append(message)
        messages[messages.count - 1].event = nil
        return true
    }
}

/// A message in the error queue, and the process that sent it.
struct Report {
    let text: String
    let process: Process
}

/// Sends messages as the SQS client does: several requests at a time, in batches of which a part may fail, and the last
/// message only after all others have arrived.
final class Sender: MessageQueue, @unchecked Sendable {
    private let process: Process
    private let meter: Meter
    private let queue: Queue
    private var batch: [Message] = []
    private var inFlight: [Task<(any Error)?, Never>] = []

    init(_ process: Process, _ meter: Meter, to queue: Queue) {
        self.process = process
        self.meter = meter
        self.queue = queue
    }

    deinit { for task in inFlight { task.cancel() } }

    private var keepsOrder: Bool { queue.isFIFO }

    func send(_ message: Message) async throws {
        if message.isLast { try await flush() }
        batch.append(message)
        if message.isLast { try await flush() } else if keepsOrder || batch.count == 3 { try await dispatch() }
    }

    func flush() async throws {
        try await dispatch()
        while !inFlight.isEmpty { try await waitForOne() }
    }

    private func dispatch() async throws {
        if batch.isEmpty { return }
        while inFlight.count >= (keepsOrder ? 1 : 3) { try await waitForOne() }
        let (process, meter, batch, queue) = (process, meter, batch, queue)
        self.batch = []
        inFlight.append(
            Task(executorPreference: process.world.scheduler) {
                do { try await Self.deliver(batch, to: queue, process) } catch { return error }
                meter.addBatch(messages: batch.count, bytes: batch.reduce(0) { $0 + $1.size })
                return nil
            }
        )
    }

    private func waitForOne() async throws {
        let task = inFlight.removeFirst()
        let error = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        if let error { throw error }
    }

    /// Delivers a batch, and retries the messages that failed a few times.
    private static func deliver(_ batch: [Message], to queue: Queue, _ process: Process) async throws {
        var left = batch
        for _ in 0..<3 {
            left = try await process.call("send \(left.map { "\($0.segment)/\($0.index) \($0.content)" })") {
                let world = process.world
                return left.filter { message in
                    if world.happens(world.weather.failures) { return true }
                    if queue.accept(message, at: world.time), queue === world.queue { world.noteTurn(of: message) }
                    return world.happens(world.weather.repetitions)
                }
            }
            if left.isEmpty { return }
        }
        throw Trouble()
    }
}
