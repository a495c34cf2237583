/// What the function hears from the platform and tells it.
package protocol RuntimeAPI: Sendable {
    /// Waits for an invocation.
    func next() async throws -> Invocation

    /// Returns the result of an invocation: a JSON document.
    func respond(to requestID: String, with result: [UInt8]) async throws

    /// Returns the failure of an invocation.
    func fail(_ requestID: String, with error: FunctionError) async throws

    /// Tells that the function cannot start.
    func failToStart(with error: FunctionError) async throws
}
