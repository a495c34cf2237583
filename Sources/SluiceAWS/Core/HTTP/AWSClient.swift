import Logging
import NIOCore
import NIOHTTP1
import SluicePlatform
import SluiceTracing
import Tracing

/// Sends signed requests to AWS services, and repeats them if necessary.
///
///     let client = AWSClient()
///     let queue = try SQSQueue(url: "https://sqs.eu-north-1.amazonaws.com/1234/orders", client: client)
///
/// Region, endpoints and credentials come from where AWS's own tools look for them: variables, shared files, the machine.
/// A client may be used from any task; all its users share connections and credentials. Temporary faults (broken
/// connections, 429, 500, 502, 503, 504, throttling) are retried after a random delay, unless the task is cancelled.
public struct AWSClient: Sendable {
    package let endpoints: EndpointResolver
    private let environment: AWSEnvironment
    private let codes: MFACodes
    private let transport: HTTPTransport
    private let cache: CredentialCache
    private let backoff: Backoff
    private let budget = RetryBudget()
    private let clock = ServiceClock()
    private let regions = BucketRegions()
    private let logger: Logger
    private var observer: (@Sendable (AWSError) -> Void)?
    /// The longest time without a byte to or from a service. After that the request is sent again.
    public var idleTimeout: Duration = .seconds(30)

    /// Creates a client from the process's environment.
    ///
    /// - Parameters:
    ///   - region: The region to use instead of the configured one, such as `AWS_REGION`.
    ///   - logger: Where requests that are sent again are logged; nowhere by default.
    public init(region: String? = nil, logger: Logger = Logger(label: "sluice.aws") { _ in SwiftLogNoOpLogHandler() }) {
        self.init(.process, region: region, logger: logger)
    }

    package init(
        _ environment: AWSEnvironment,
        region: String? = nil,
        transport: HTTPTransport = .shared,
        backoff: Backoff = Backoff(),
        codes: MFACodes = MFACodes(),
        logger: Logger
    ) {
        let endpoints = EndpointResolver(environment, region: region)
        self.endpoints = endpoints
        self.environment = environment
        self.codes = codes
        self.transport = transport
        self.backoff = backoff
        self.logger = logger
        let context = CredentialContext(
            environment,
            transport: transport,
            endpoints: endpoints,
            codes: codes,
            clock: clock
        )
        cache = CredentialCache(CredentialChain.usual(context)) { [clock] in clock.now }
    }

    /// Returns the client itself if a region is configured, and otherwise, on an EC2 instance, a client for the instance's region.
    public func withInstanceRegion() async throws(AWSError) -> AWSClient {
        // A substitute for S3 has no regions.
        guard endpoints.chosenRegion == nil, try endpoints.override(for: .s3) == nil,
            let metadata = try await InstanceMetadata(environment, transport: transport),
            let region = await metadata.text(at: "placement/region")?.trimmed(), !region.isEmpty
        else { return self }
        return copy(region: region, codes: codes)
    }

    /// Returns a copy of the client that asks the user for the codes of devices.
    package func asking(with codes: MFACodes) -> AWSClient { copy(region: endpoints.chosenRegion, codes: codes) }

    private func copy(region: String?, codes: MFACodes) -> AWSClient {
        var client = AWSClient(
            environment,
            region: region,
            transport: transport,
            backoff: backoff,
            codes: codes,
            logger: logger
        )
        (client.idleTimeout, client.observer) = (idleTimeout, observer)
        return client
    }

    /// Returns a copy of the client that calls `observer` with each error after which it retries.
    package func observing(_ observer: @escaping @Sendable (AWSError) -> Void) -> AWSClient {
        var client = self
        client.observer = observer
        return client
    }

    /// Returns a request to a service in the client's region.
    func request(
        _ service: AWSService,
        _ operation: String,
        _ method: HTTPMethod
    ) throws(AWSError) -> AWSRequest {
        let endpoint = try endpoints.endpoint(for: service)
        return AWSRequest(
            service,
            operation,
            at: endpoint,
            region: try endpoints.region(for: service),
            method: method
        )
    }

    /// Sends a request, with retries, and returns the successful answer.
    package func send(_ request: AWSRequest) async throws(AWSError) -> HTTPReply {
        try await tracing(request.service, request.operation) { () async throws(AWSError) in
            var retries = retries()
            while true {
                switch try await attempt(request) {
                case .success(let reply): return reply
                case .failure(let error, _): try await retries.wait(after: error)
                }
            }
        }
    }

    /// Runs an operation, with its retries, in a span.
    nonisolated(nonsending) func tracing<Value>(
        _ service: AWSService,
        _ operation: String,
        attributes: (inout SpanAttributes) -> Void = { _ in },
        _ work: nonisolated(nonsending) () async throws(AWSError) -> Value
    ) async throws(AWSError) -> Value {
        try await traced(
            "\(service.title).\(operation)",
            ofKind: .client,
            attributes: {
                $0["rpc.system"] = "aws-api"
                $0["rpc.service"] = service.title
                $0["rpc.method"] = operation
                attributes(&$0)
            },
            work
        )
    }

    /// The outcome of one attempt.
    enum Attempt {
        case success(HTTPReply)
        /// The attempt failed. If the connection broke during a successful answer, `partial` is what had arrived.
        case failure(AWSError, partial: HTTPReply?)
    }

    /// Sends a request once, and again for each mistake that an answer corrects. Throws only if it cannot be signed.
    func attempt(_ request: AWSRequest) async throws(AWSError) -> Attempt {
        var corrections: Set<Correction> = []
        while true {
            let credentials = try await cache.credentials()
            let (request, time) = (try located(request), clock.now)
            var signed = request.signed(with: credentials, at: time)
            signed.idleTimeout = idleTimeout
            do throws(HTTPFailure) {
                let reply = try await transport.send(signed)
                if 200..<300 ~= reply.status {
                    budget.earn()
                    return .success(reply)
                }
                let answer = ErrorReply(reply, to: request)
                let error = answer.error
                // The same mistake twice is not one that answers correct.
                if let correction = correction(by: answer, error, signedAt: time),
                    corrections.insert(correction).inserted
                {
                    continue
                }
                // A retry with these credentials would fail, but new ones may succeed.
                if ErrorReply.isExpired(error.code) { await cache.drop(credentials) }
                return .failure(error, partial: nil)
            } catch {
                let partial = error.partial.flatMap { 200..<300 ~= $0.status ? $0 : nil }
                return .failure(ErrorReply.error(error, to: request), partial: partial)
            }
        }
    }

    /// What a request got wrong, as its answer states.
    private enum Correction {
        case time
        case region
    }

    /// Learns from an answer what was wrong with a request, for this request and all later ones.
    private func correction(by answer: ErrorReply, _ error: AWSError, signedAt time: Timestamp) -> Correction? {
        if clock.adopt(answer.reply, error, signedAt: time) {
            logger.notice(
                "this machine's clock is wrong",
                metadata: ["error": "\(error)", "time": "\(clock.now.extended)"]
            )
            return .time
        }
        guard let bucket = answer.request.location?.bucket, let region = answer.region else { return nil }
        logger.notice("a bucket is in another region", metadata: ["bucket": "\(bucket)", "region": "\(region)"])
        regions[bucket] = region
        return .region
    }

    /// Returns the request to the region where its bucket is known to be.
    private func located(_ request: AWSRequest) throws(AWSError) -> AWSRequest {
        guard let location = request.location, let region = regions[location.bucket] else { return request }
        var request = request
        try request.address(location, in: region, endpoints)
        return request
    }

    /// Returns the state for retrying an operation after temporary faults.
    package func retries() -> Retries { Retries(backoff: backoff, budget: budget, logger: logger, observer: observer) }
}
