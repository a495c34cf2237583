import Logging
import NIOCore
import NIOHTTP1
import SluiceSystem

/// Sends signed requests to services of AWS, again if need be.
///
///     let client = AWSClient()
///     let queue = try SQSQueue(url: "https://sqs.eu-north-1.amazonaws.com/1234/orders", client: client)
///
/// Region, endpoints and credentials come from where AWS's own tools have them: variables, shared files, the machine.
/// Connections and credentials are shared by all who use the client, from any task. Faults that pass (connections that
/// break, 429, 500, 502, 503, 504, throttling) are met by asking again after a random time; cancelling the task ends that.
public struct AWSClient: Sendable {
    package let endpoints: EndpointResolver
    private let transport: HTTPTransport
    private let cache: CredentialCache
    private let backoff: Backoff
    private let budget = RetryBudget()
    private let logger: Logger
    private var observer: (@Sendable (AWSError) -> Void)?

    /// Makes a client for the process's surroundings.
    ///
    /// - Parameter region: Instead of `AWS_REGION` and what else says which it is.
    public init(region: String? = nil, logger: Logger = Logger(label: "sluice.aws") { _ in SwiftLogNoOpLogHandler() }) {
        self.init(.process, region: region, logger: logger)
    }

    package init(
        _ environment: AWSEnvironment,
        region: String? = nil,
        transport: HTTPTransport = .shared,
        backoff: Backoff = Backoff(),
        logger: Logger
    ) {
        endpoints = EndpointResolver(environment, region: region)
        self.transport = transport
        self.backoff = backoff
        self.logger = logger
        cache = CredentialCache(CredentialChain.usual(environment, transport: transport, endpoints: endpoints))
    }

    /// The same client, with another to be told of every fault that is met by asking again.
    package func observing(_ observer: @escaping @Sendable (AWSError) -> Void) -> AWSClient {
        var client = self
        client.observer = observer
        return client
    }

    /// Sends a request until it is answered for good, and returns the answer if it is one of success.
    package func send(_ request: AWSRequest) async throws(AWSError) -> HTTPReply {
        var retries = retries()
        while true {
            let failure: AWSError
            let credentials = try await cache.credentials()
            do throws(HTTPFailure) {
                let reply = try await transport.send(request.signed(with: credentials, at: .now))
                if 200..<300 ~= reply.status {
                    budget.earn()
                    return reply
                }
                failure = ServiceAnswer(reply, to: request).error
                // Such credentials are not worth another attempt, but others may be.
                if ServiceAnswer.isExpired(failure.code) { await cache.drop(credentials) }
            } catch {
                failure = ServiceAnswer.error(error, to: request)
            }
            try await retries.wait(after: failure)
        }
    }

    /// The means to repeat something that failed in a way that may pass.
    package func retries() -> Retries { Retries(backoff: backoff, budget: budget, logger: logger, observer: observer) }
}
