import ArgumentParser
import NIOCore
import SluiceAWS
import SluiceEngine

/// The option that selects the function.
struct FunctionOptions: ParsableArguments {
    @Option(help: "The function's name or ARN.") var function: String

    func validate() throws {
        if function.isEmpty { throw ValidationError("--function takes a name or an ARN") }
    }

    var target: FunctionTarget { FunctionTarget(name: function) }
}

/// A function that events are handed to.
struct FunctionTarget: Sendable {
    let name: String

    /// Has the function invoked with an event. Returns when Lambda has accepted it.
    func start(with event: String) throws(SluiceError) {
        let (lambda, name) = (LambdaClient(Network.client), name)
        try Blocking.waitUnlessInterrupted(about: name) { () async throws(AWSError) in
            try await lambda.start(name, with: ByteBuffer(string: event))
        }
    }

    /// Invokes the function with an event, and waits for it. Returns why it failed, or nil if it succeeded.
    func call(with event: String) throws(SluiceError) -> String? {
        let (lambda, name) = (LambdaClient(Network.client), name)
        return try Blocking.waitUnlessInterrupted(about: name) { () async throws(AWSError) in
            try await lambda.call(name, with: ByteBuffer(string: event))
        }
    }
}
