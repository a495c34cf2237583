/// One call of the function.
package struct Invocation: Sendable {
    package var requestID: String
    /// When the platform ends the process.
    package var deadline: ContinuousClock.Instant
    /// A JSON document.
    package var payload: [UInt8]

    package init(requestID: String, deadline: ContinuousClock.Instant, payload: [UInt8]) {
        self.requestID = requestID
        self.deadline = deadline
        self.payload = payload
    }
}
