import NIOCore
import NIOHTTP1
import SluiceJSON

/// A queue of SQS.
///
/// Requests go to `AWS_ENDPOINT_URL_SQS` or `AWS_ENDPOINT_URL` if one is set, else to the host of the queue's URL.
public struct SQSQueue: Sendable {
    /// The URL that names the queue.
    public let url: String
    package let client: AWSClient
    /// Whether to compare the MD5 that the queue returns for each message. The signature of a request already covers its bytes
    /// with SHA-256, so this detects only errors within the queue, at the cost of another hash.
    public var checksMD5 = false
    /// The header of AWS X-Ray that messages get; their size does not count it. If it is none, they get none, since SQS would
    /// refuse them.
    package var traceHeader: String? {
        didSet { if traceHeader?.hasPrefix("Root=") == false { traceHeader = nil } }
    }
    private let endpoint: Endpoint
    private let region: String

    /// Creates a queue from its URL.
    public init(url: String, client: AWSClient) throws(AWSError) {
        guard let own = Endpoint(url), !own.basePath.isEmpty else {
            throw .setUp("'\(url)' is not a queue URL like https://sqs.eu-north-1.amazonaws.com/123456789012/orders")
        }
        self.url = url
        self.client = client
        var server = own
        server.basePath = ""
        let endpoints = client.endpoints
        if let region = Self.region(of: own.host) {
            self.region = region
            // Queues' URLs name the usual host, whichever kind of host is wanted.
            if endpoints.variant(for: .sqs) != AWSService.Variant() {
                server = try endpoints.endpoint(for: .sqs, in: region)
            }
        } else {
            region = try endpoints.region(for: .sqs, orAt: own)
        }
        endpoint = try endpoints.override(for: .sqs) ?? server
    }

    /// Whether the queue keeps messages in order and drops duplicates itself.
    public var isFIFO: Bool { url.hasSuffix(".fifo") }

    /// Returns the region in a host name: `sqs.eu-north-1.amazonaws.com` → `eu-north-1`.
    private static func region(of host: String) -> String? {
        let labels = host.split(separator: ".")
        guard labels.count >= 4, labels[0] == "sqs" || labels[0] == "sqs-fips",
            Partition.has(suffix: labels[2...].joined(separator: "."))
        else { return nil }
        return String(labels[1])
    }

    /// Finds a queue by its name in the client's account and region.
    public static func named(_ name: String, client: AWSClient) async throws(AWSError) -> SQSQueue {
        var request = try client.request(.sqs, "GetQueueUrl", .POST)
        request.call(api, with: ByteBuffer(string: JSONWriter.object([("QueueName", JSONWriter.string(name))])))
        request.limit = AWSRequest.largestAnswer
        let answer: SQSQueueURLAnswer = try await client.answer(to: request)
        return try SQSQueue(url: answer.url, client: client)
    }

    /// Returns attributes of the queue by their names, such as `ApproximateNumberOfMessages`.
    public func attributes(_ names: [String]) async throws(AWSError) -> [String: String] {
        let answer: SQSAttributesAnswer = try await call(
            "GetQueueAttributes",
            [queueMember, ("AttributeNames", JSONWriter.array(names.map(JSONWriter.string)))]
        )
        return answer.attributes
    }

    private static let api = "AmazonSQS"

    /// Calls an operation with a JSON object. The members' values must be JSON.
    func call<Answer: JSONAnswer>(
        _ operation: String,
        _ members: [(name: String, json: String)],
        patience: Duration = .zero,
        limit: Int = AWSRequest.largestAnswer
    ) async throws(AWSError) -> Answer {
        let body = ByteBuffer(string: JSONWriter.object(members))
        return try await call(operation, body, patience: patience, limit: limit)
    }

    func call<Answer: JSONAnswer>(
        _ operation: String,
        _ body: ByteBuffer,
        patience: Duration = .zero,
        limit: Int = AWSRequest.largestAnswer
    ) async throws(AWSError) -> Answer {
        var request = AWSRequest(.sqs, operation, at: endpoint, region: region, method: .POST)
        request.call(Self.api, with: body)
        request.patience = patience
        request.limit = limit
        return try await client.answer(to: request)
    }

    var queueMember: (name: String, json: String) { ("QueueUrl", JSONWriter.string(url)) }
}

extension EndpointResolver {
    /// Returns the configured region, or any region if the queue is not on AWS.
    fileprivate func region(for service: AWSService, orAt endpoint: Endpoint) throws(AWSError) -> String {
        if endpoint.host.contains("amazonaws") { return try region(for: service) }
        return (try? region(for: service)) ?? "us-east-1"
    }
}
