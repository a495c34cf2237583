/// One call of the function.
package struct Invocation: Sendable {
    package var requestID: String
    /// When the platform ends the process.
    package var deadline: ContinuousClock.Instant
    /// The ARN by which the function was invoked; nil if the platform did not state it.
    package var functionARN: String?
    /// A JSON document.
    package var payload: [UInt8]
    /// The AWS X-Ray trace id, for the log; nil if the platform did not state it.
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

    /// The longest time that the platform grants an invocation.
    package static let longest: Duration = .seconds(900)
    /// The most bytes accepted as a payload; the platform sends at most 6 MiB.
    package static let largestPayload = 16 << 20
}
