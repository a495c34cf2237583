import Logging
import SluiceEngine
import SluiceJSON
import SluicePipeline

/// A service's error in bad weather.
struct Trouble: Error, CustomStringConvertible {
    var description: String { "the service fails" }
}

/// Thrown by every call of a process that has died.
struct Died: Error {}

/// One invocation of the function, with its own clock and lifetime.
final class Process: @unchecked Sendable {
    enum Outcome {
        case answered(JSONValue)
        case failed(kind: String, message: String)
        /// The process ended without an answer.
        case died
    }

    /// Unowned, as the world keeps processes: in the reports that they sent.
    unowned let world: World
    let requestID: String
    private let skew: Int64
    private(set) var isDead = false
    private(set) var outcome: Outcome?
    /// When the process began, and when it ended.
    let began: Int64
    private(set) var ended: Int64?
    private var onEnd: ((Outcome) -> Void)?

    init(_ world: World, _ requestID: String, onEnd: @escaping (Outcome) -> Void) {
        self.world = world
        self.requestID = requestID
        self.onEnd = onEnd
        began = world.time
        let skew = world.weather.skew
        self.skew = skew == 0 ? 0 : Int64.random(in: -skew...skew, using: &world.random)
    }

    /// Ends the process at once. Its later calls have no effect.
    func die(_ reason: String) {
        guard outcome == nil else { return }
        log("dies: \(reason)")
        isDead = true
        end(.died)
    }

    private func end(_ outcome: Outcome) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        ended = world.time
        let onEnd = onEnd
        self.onEnd = nil
        onEnd?(outcome)
    }

    func log(_ text: @autoclosure () -> String) { world.log("\(requestID) \(text())") }

    /// Calls a service, which takes time and may fail in any way.
    func call<Result: Sendable>(
        _ what: @autoclosure () -> String,
        _ effect: () throws -> Result
    ) async throws -> Result {
        let weather = world.weather
        try await pause()
        if world.happens(weather.deaths) {
            die("before it can \(what())")
            throw Died()
        }
        if world.happens(weather.failures) {
            log("\(what()): fails")
            throw Trouble()
        }
        log(what())
        var result = try effect()
        if world.happens(weather.repetitions) {
            log("\(what()): again")
            result = try effect()
        }
        try await pause()
        if world.happens(weather.deaths) {
            die("after \(what())")
            throw Died()
        }
        if world.happens(weather.lostAnswers) {
            log("\(what()): its answer is lost")
            throw Trouble()
        }
        return result
    }

    private func pause() async throws {
        let usual = world.number(0...world.weather.latency)
        let delay = world.happens(world.weather.delays) ? world.number(0...100_000) : usual
        try await world.scheduler.wait(until: world.time + Int64(delay))
        if isDead { throw Died() }
    }
}

/// The process's clock, which may be wrong.
extension Process: FunctionClock {
    private static let start = ContinuousClock.now

    var now: ContinuousClock.Instant { Self.start + .milliseconds(world.time) }

    var millisecondsSinceEpoch: Int64 { 1_700_000_000_000 + world.time + skew }

    func sleep(until moment: ContinuousClock.Instant) async throws {  // sleeps: in the story's time
        try await world.scheduler.wait(until: Int64((moment - Self.start) / .milliseconds(1)))
    }
}

extension Process {
    /// Runs the handler on a payload.
    func run(_ payload: String) {
        log("is invoked with \(payload)")
        let (world, limit) = (world, world.weather.limit)
        world.scheduler.at(world.time + limit) { self.die("its time is over") }
        if world.happens(world.weather.deaths) {
            world.scheduler.at(world.time + Int64(world.number(0...2000))) { self.die("at any moment") }
        }
        let invocation = Invocation(
            requestID: requestID,
            deadline: now + .milliseconds(limit),
            functionARN: "arn:function",
            payload: Array(payload.utf8)
        )
        let handler = Handler(world.configuration, Services(process: self), metrics: LineOutput { _ in })
        world.spawn {
            do {
                let answer = try await handler.handle(invocation, isColdStart: false, logger: self.logger)
                guard let value = JSONValue(parsing: answer) else { return self.end(.died) }
                if !self.isDead { self.log("answers \(String(decoding: answer, as: Unicode.UTF8.self))") }
                self.end(.answered(value))
            } catch let error as FunctionError {
                if !self.isDead { self.log("fails: \(error)") }
                self.end(.failed(kind: error.kind.rawValue, message: error.message))
            } catch {
                self.end(.failed(kind: "Unknown", message: "\(error)"))
            }
        }
    }

    private var logger: Logger {
        var logger = Logger(label: "story") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        return logger
    }
}
