/// One call of the function.
package struct Invocation: Sendable {
    package var requestID: String
    /// When the platform ends the process.
    package var deadline: ContinuousClock.Instant
    /// The ARN by which the function was invoked; nil: the platform did not tell.
    package var functionARN: String?
    /// A JSON document.
    package var payload: [UInt8]

    package init(
        requestID: String,
        deadline: ContinuousClock.Instant,
        functionARN: String? = nil,
        payload: [UInt8]
    ) {
        self.requestID = requestID
        self.deadline = deadline
        self.functionARN = functionARN
        self.payload = payload
    }
}
