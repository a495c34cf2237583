import NIOCore
import NIOHTTP1
import SluiceJSON

/// A client for state machines of Step Functions.
package struct StepFunctionsClient: Sendable {
    private let client: AWSClient

    package init(_ client: AWSClient) { self.client = client }

    /// Starts an execution.
    ///
    /// - Parameters:
    ///   - name: the execution's name, at most 80 characters.
    ///   - input: a JSON document.
    /// - Returns: whether it was started; false if an execution of this name exists already.
    package func start(_ stateMachine: String, name: String, input: String) async throws(AWSError) -> Bool {
        var request = try client.request(.stepFunctions, "StartExecution", .POST)
        let members = [("stateMachineArn", stateMachine), ("name", name), ("input", input)]
        let body = JSONWriter.object(members.map { ($0, JSONWriter.string($1)) })
        request.call("AWSStepFunctions", with: ByteBuffer(string: body))
        do throws(AWSError) { _ = try await client.send(request) } catch {
            if error.code == "ExecutionAlreadyExists" { return false }
            throw error
        }
        return true
    }
}
