import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One request over HTTP, and what comes back, whole.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    package var url: String
    package var headers: [(name: String, value: String)] = []
    package var body: ByteBuffer?
    /// For all of it, from looking the host up to the last byte of the answer.
    package var timeout: Duration = .seconds(60)
    /// The most bytes that an answer may have.
    package var limit = 16 << 20

    package init(method: HTTPMethod, url: String) {
        self.method = method
        self.url = url
    }
}

/// What a server answered.
package struct HTTPReply: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: ByteBuffer

    package init(status: Int, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// No answer, or half of one.
package struct HTTPFailure: Error, Sendable {
    package enum Kind: Sendable {
        case unreachable
        case timeout
        case cancelled
        /// The answer is larger than it may be, or the request is not one: trying again does not help.
        case unusable
    }

    package var kind: Kind
    package var reason: String

    package init(kind: Kind, reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// Sends requests over connections that are kept open for the next.
package struct HTTPTransport: Sendable {
    private let exchange: @Sendable (HTTPRequest) async -> Result<HTTPReply, HTTPFailure>

    /// The process's connections, which end with it.
    package static let shared: HTTPTransport = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.idleTimeout = .seconds(20)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        return HTTPTransport { request in await client.exchange(request) }
    }()

    /// A transport that has requests answered by a function.
    package init(exchange: @escaping @Sendable (HTTPRequest) async -> Result<HTTPReply, HTTPFailure>) {
        self.exchange = exchange
    }

    /// Sends a request once.
    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
        let result = await withTaskGroup(of: Result<HTTPReply, HTTPFailure>.self) { group in
            group.addTask { await exchange(request) }
            group.addTask {
                try? await Task.sleep(for: request.timeout)
                return .failure(HTTPFailure(kind: .timeout, reason: "no answer within \(request.timeout)"))
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(HTTPFailure(kind: .cancelled, reason: "cancelled"))
        }
        if Task.isCancelled { throw HTTPFailure(kind: .cancelled, reason: "cancelled") }
        return try result.get()
    }

    /// Sends a request up to that many times, until something answers that is not a fault of the server's.
    package func send(_ request: HTTPRequest, attempts: Int) async throws(HTTPFailure) -> HTTPReply {
        var attempt = 1
        while true {
            do throws(HTTPFailure) {
                let reply = try await send(request)
                if reply.status < 500 || attempt >= attempts { return reply }
            } catch {
                if attempt >= attempts || error.kind == .cancelled { throw error }
            }
            try? await Task.sleep(for: Backoff().delay(before: attempt))
            attempt += 1
        }
    }

}

extension HTTPClient {
    fileprivate func exchange(_ request: HTTPRequest) async -> Result<HTTPReply, HTTPFailure> {
        var wire = HTTPClientRequest(url: request.url)
        wire.method = request.method
        for (name, value) in request.headers { wire.headers.add(name: name, value: value) }
        if let body = request.body { wire.body = .bytes(body) }
        do {
            let response = try await execute(wire, timeout: .nanoseconds(request.timeout.inNanoseconds))
            let body = try await response.body.collect(upTo: request.limit)
            return .success(HTTPReply(status: Int(response.status.code), headers: response.headers, body: body))
        } catch let error as HTTPClientError where error == .invalidURL || error == .emptyHost {
            return .failure(HTTPFailure(kind: .unusable, reason: "\(request.url) is no address"))
        } catch is NIOTooManyBytesError {
            return .failure(HTTPFailure(kind: .unusable, reason: "the answer has more than \(request.limit) bytes"))
        } catch is CancellationError {
            return .failure(HTTPFailure(kind: .cancelled, reason: "cancelled"))
        } catch {
            return .failure(HTTPFailure(kind: .unreachable, reason: "\(error)"))
        }
    }
}

extension Duration {
    fileprivate var inNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
