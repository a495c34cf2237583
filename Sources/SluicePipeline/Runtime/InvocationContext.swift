import Logging
import SluiceEngine

/// An invocation: its caller, its deadline, and what it reports to.
struct InvocationContext: Sendable {
    /// The caller, which determines what retries an object that cannot be converted now.
    enum Caller: Sendable {
        /// An asynchronous invocation: Lambda retries the same event under the same id.
        case event
        /// A queue: its message is delivered again under another id.
        case queue
        /// A state machine, which starts the next step itself.
        case stateMachine
    }

    let caller: Caller
    let metrics: InvocationMetrics
    let requestID: String
    let functionARN: String?
    /// The header of AWS X-Ray that its messages get; nil if the platform stated none.
    let traceID: String?
    let deadline: ContinuousClock.Instant
    let logger: Logger
    let clock: any FunctionClock

    var timeLeft: Duration { deadline - clock.now }
}
