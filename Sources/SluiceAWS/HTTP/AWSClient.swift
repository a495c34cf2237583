import Logging
import NIOCore
import NIOHTTP1
import SluiceSystem

/// Sends signed requests to services of AWS, again if necessary.
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
    /// The longest time without a byte from a service or to it; then the request is sent again.
    public var idleTimeout: Duration = .seconds(30)

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
            switch try await attempt(request) {
            case .success(let reply): return reply
            case .failure(let error, _): try await retries.wait(after: error)
            }
        }
    }

    /// What became of a request that was sent once.
    enum Attempt {
        case success(HTTPReply)
        /// With what had arrived of an answer of success before its connection broke.
        case failure(AWSError, partial: HTTPReply?)
    }

    /// Sends a request once. Throws only if there are no credentials to sign it with.
    func attempt(_ request: AWSRequest) async throws(AWSError) -> Attempt {
        let credentials = try await cache.credentials()
        var signed = request.signed(with: credentials, at: .now)
        signed.idleTimeout = idleTimeout
        do throws(HTTPFailure) {
            let reply = try await transport.send(signed)
            if 200..<300 ~= reply.status {
                budget.earn()
                return .success(reply)
            }
            let error = ServiceAnswer(reply, to: request).error
            // Such credentials are not worth another attempt, but others may be.
            if ServiceAnswer.isExpired(error.code) { await cache.drop(credentials) }
            return .failure(error, partial: nil)
        } catch {
            let partial = error.partial.flatMap { 200..<300 ~= $0.status ? $0 : nil }
            return .failure(ServiceAnswer.error(error, to: request), partial: partial)
        }
    }

    /// The means to repeat something that failed in a way that may pass.
    package func retries() -> Retries { Retries(backoff: backoff, budget: budget, logger: logger, observer: observer) }
}
