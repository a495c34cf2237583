import Logging
import SluiceEngine
import SluiceJSON
import SluicePipeline
import SluiceTesting

/// Everything that the function deals with, in memory. One seed decides what happens.
///
/// Safe to share between tasks: its scheduler runs one task at a time.
final class World: @unchecked Sendable {
    let scheduler: Scheduler
    var random: SplitMix64
    /// What goes wrong, and how often.
    var weather: Weather
    /// The function's configuration, which each new invocation gets.
    var configuration: Configuration
    /// The events, a line each, or nil if no trace was requested.
    var trace: [String]?

    var bucket: Bucket
    /// The objects that were put, in order.
    var put: [(key: String, version: String?, sequencer: String?)] = []
    let queue: Queue
    /// The messages in the queue, and the turn of their version in which they came. Nil if it was that of another.
    var turns: [(message: Message, turn: UInt64?)] = []
    /// What was put aside, sent to the error queue.
    let rejects = Queue(isFIFO: false)
    var reports: [Report] = []
    var notes: [String: Note] = [:]
    /// Executions by name.
    var executions: [String: Execution] = [:]
    /// Payloads of invocations that are not retried any more.
    var deadLetters: [String] = []
    /// The number of unfinished tasks.
    var open = 0
    var invocations = 0
    /// Whether the notes on the progress of objects were removed.
    var forgot = false

    init(seed: UInt64, _ configuration: Configuration, _ bucket: Bucket.Kind, _ weather: Weather, isTraced: Bool) {
        scheduler = Scheduler(seed: ~seed)
        random = SplitMix64(seed: seed)
        self.configuration = configuration
        self.weather = weather
        self.bucket = Bucket(bucket)
        queue = Queue(isFIFO: configuration.queueURL.hasSuffix(".fifo"))
        trace = isTraced ? [] : nil
    }

    var time: Int64 { scheduler.time }

    func log(_ text: @autoclosure () -> String) {
        guard trace != nil else { return }
        let milliseconds = String(time % 1000)
        let fraction = String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
        trace?.append("\(time / 1000).\(fraction) \(text())")
    }

    /// Notes in which turn of its version a message came, if versions take turns.
    func noteTurn(of message: Message) {
        guard configuration.sharing.isOrdered else { return }
        let own = notes.first { $0.key.contains("/keys/") && holder(in: $0.value) == message.source }
        let content = own.flatMap { JSONValue(parsing: $0.value.text) }
        turns.append((message, content?["until"]?.integer == 0 ? nil : content?["turn"]?.integer))
    }

    private func holder(in note: Note) -> String? { JSONValue(parsing: note.text)?["holder"]?.text }

    /// Starts a task.
    func spawn(_ body: @escaping @Sendable () async -> Void) {
        open += 1
        Task(executorPreference: scheduler) {
            await body()
            self.open -= 1
        }
    }

    /// Waits for a number of milliseconds. Tasks of the world are never cancelled.
    func pass(_ milliseconds: Int64) async {
        await withCheckedContinuation { continuation in
            scheduler.at(time + milliseconds) { continuation.resume() }
        }
    }

    /// Returns true with the given probability, in thousandths.
    func happens(_ perMille: Int) -> Bool { perMille > 0 && Int(random.next() % 1000) < perMille }

    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
}

/// What goes wrong in a world, each with its probability in thousandths.
struct Weather {
    /// A call has no effect and fails.
    var failures = 0
    /// A call has its effect and fails.
    var lostAnswers = 0
    /// A call has its effect twice: the client lost the answer and tried again.
    var repetitions = 0
    /// An invocation dies, at a call or at any moment.
    var deaths = 0
    /// A call takes long.
    var delays = 0
    /// An event is delivered twice, under the same request id.
    var duplicates = 0
    /// No invocation is available.
    var throttles = 0
    /// The largest error of an invocation's clock, in milliseconds.
    var skew: Int64 = 0
    /// The usual maximum duration of a call, in milliseconds.
    var latency = 20
    /// The longest duration of an invocation, in milliseconds.
    var limit: Int64 = 900_000

    static let calm = Weather()
}
