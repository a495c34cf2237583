/// The platform's interface to the function.
package protocol RuntimeAPI: Sendable {
    /// Waits for an invocation.
    func next() async throws -> Invocation

    /// Sends the result of an invocation: a JSON document.
    func respond(to requestID: String, with result: [UInt8]) async throws

    /// Reports that an invocation failed.
    func fail(_ requestID: String, with error: FunctionError) async throws

    /// Reports that the function cannot start.
    func failToStart(with error: FunctionError) async throws
}
