import Logging
import Sluice
import SluiceFunction
import SluiceTesting

/// All that the function deals with, in memory: one seed decides what happens in it.
///
/// Safe to share between tasks, since its scheduler runs one at a time.
final class World: @unchecked Sendable {
    let scheduler: Scheduler
    var random: SplitMix64
    /// What goes wrong, and how often.
    var weather: Weather
    /// What the function is set up to do; whoever is invoked from now on has it.
    var configuration: Configuration
    /// What happened, a line each; nil: nobody wants to know.
    var trace: [String]?

    var bucket: Bucket
    /// Objects that were put, in order.
    var put: [(key: String, version: String?)] = []
    let queue: Queue
    var reports: [Report] = []
    var notes: [String: Note] = [:]
    /// By their names.
    var executions: [String: Execution] = [:]
    /// Payloads of invocations that nobody tries again.
    var deadLetters: [String] = []
    /// Tasks that have not come to their ends.
    var open = 0
    var invocations = 0
    /// Notes of how far objects have come were removed.
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

    /// Has a task run.
    func spawn(_ body: @escaping @Sendable () async -> Void) {
        open += 1
        Task(executorPreference: scheduler) {
            await body()
            self.open -= 1
        }
    }

    /// Lets time pass. Tasks of the world are never cancelled.
    func pass(_ milliseconds: Int64) async {
        await withCheckedContinuation { continuation in
            scheduler.at(time + milliseconds) { continuation.resume() }
        }
    }

    /// True so many times in a thousand.
    func happens(_ perMille: Int) -> Bool { perMille > 0 && Int(random.next() % 1000) < perMille }

    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
}

/// What goes wrong in a world: how many times in a thousand.
struct Weather {
    /// A call does nothing and fails.
    var failures = 0
    /// A call does what it should, and fails.
    var lostAnswers = 0
    /// A call does what it should, and is done again, since the client did not hear of it.
    var repetitions = 0
    /// An invocation dies, at a call or at any moment.
    var deaths = 0
    /// A call takes long.
    var delays = 0
    /// An invocation comes twice, under the same id.
    var duplicates = 0
    /// There is no invocation to be had.
    var throttles = 0
    /// The clock of an invocation is wrong by up to so many milliseconds.
    var skew: Int64 = 0
    /// Milliseconds that a call usually takes at most.
    var latency = 20
    /// Milliseconds that an invocation may take.
    var limit: Int64 = 900_000

    static let calm = Weather()
}
