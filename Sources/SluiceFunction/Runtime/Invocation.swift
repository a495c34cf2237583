/// One call of the function.
package struct Invocation: Sendable {
    package var requestID: String
    /// When the platform ends the process.
    package var deadline: ContinuousClock.Instant
    /// The ARN by which the function was invoked; nil: the platform did not tell.
    package var functionARN: String?
    /// A JSON document.
    package var payload: [UInt8]
    /// What AWS X-Ray knows the chain of calls by, for the log; nil if it is not told.
    package var traceID: String?

    package init(
        requestID: String,
        deadline: ContinuousClock.Instant,
        functionARN: String? = nil,
        payload: [UInt8],
        traceID: String? = nil
    ) {
        self.requestID = requestID
        self.deadline = deadline
        self.functionARN = functionARN
        self.payload = payload
        self.traceID = traceID
    }

    /// The longest time that an invocation can take.
    package static let longest: Duration = .seconds(900)
    /// Bytes of a payload; the platform hands out at most 6 MiB.
    package static let largestPayload = 16 << 20
}
