import Logging
import Sluice

/// An invocation that is being worked on.
struct InvocationContext: Sendable {
    /// Who asked for it, and so what may become of an object that can't be converted here and now.
    enum Caller: Sendable {
        /// Somebody who sends the same event again, under the same id, if the invocation fails.
        case event
        /// A queue, whose message comes again under another id.
        case queue
        /// A state machine, which itself starts what is to be done next.
        case stateMachine
    }

    let caller: Caller
    let metrics: InvocationMetrics
    let requestID: String
    let functionARN: String?
    let deadline: ContinuousClock.Instant
    let logger: Logger
    let clock: any FunctionClock

    var timeLeft: Duration { deadline - clock.now }
}
