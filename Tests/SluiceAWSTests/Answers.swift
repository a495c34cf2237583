import Logging
import SluiceAWS
import Synchronization

/// Answers requests and records them.
final class Answers: Sendable {
    typealias Answer = @Sendable (HTTPRequest) async -> Result<HTTPReply, HTTPFailure>

    private let recorded = Mutex<[HTTPRequest]>([])
    private let answer: Answer

    /// Answers each request with the result of `answer`.
    init(_ answer: @escaping Answer) { self.answer = answer }

    /// Gives one reply after the other. After the last reply, every request fails with status 500.
    convenience init(_ replies: [Result<HTTPReply, HTTPFailure>]) {
        let rest = Mutex(replies)
        self.init { _ in rest.withLock { $0.isEmpty ? .success(HTTPReply(status: 500)) : $0.removeFirst() } }
    }

    var requests: [HTTPRequest] { recorded.withLock { $0 } }

    func client(_ variables: [String: String] = [:], backoff: Backoff? = nil) -> AWSClient {
        let keys = [
            "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-north-1", "HOME": "/no",
        ]
        var short = Backoff()
        short.first = .microseconds(1)
        short.longest = .microseconds(1)
        let transport = HTTPTransport { request in
            self.recorded.withLock { $0.append(request) }
            return await self.answer(request)
        }
        return AWSClient(
            AWSEnvironment(keys.merging(variables) { $1 }),
            transport: transport,
            backoff: backoff ?? short,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}
