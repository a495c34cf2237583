import AsyncHTTPClient
import NIOCore

/// Sends requests over connections that are kept open for the next.
package struct HTTPTransport: Sendable {
    private let exchange: @Sendable (HTTPRequest, ProgressWatch) async -> Result<HTTPReply, HTTPFailure>

    /// The process's connections, which end with it.
    package static let shared: HTTPTransport = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.idleTimeout = .seconds(20)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        return HTTPTransport { request, watch in await client.exchange(request, watch) }
    }()

    /// A transport that has requests answered by a function.
    package init(exchange: @escaping @Sendable (HTTPRequest) async -> Result<HTTPReply, HTTPFailure>) {
        self.init { request, _ in await exchange(request) }
    }

    /// The same, with a function that reports its progress.
    package init(exchange: @escaping @Sendable (HTTPRequest, ProgressWatch) async -> Result<HTTPReply, HTTPFailure>) {
        self.exchange = exchange
    }

    /// Sends a request once. It lasts as long as bytes come; see ``ProgressWatch``.
    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
        let watch = ProgressWatch(request)
        let result = await withTaskGroup(of: Result<HTTPReply, HTTPFailure>?.self) { group in
            group.addTask { await exchange(request, watch) }
            group.addTask {
                await watch.waitForStall()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            // The exchange was cancelled because nothing came; what had come until then is kept.
            let rest = await group.next() ?? nil
            guard case .failure(var failure) = rest else { return rest ?? .failure(.cancelled) }
            failure.kind = .timeout
            failure.reason = watch.reason
            return .failure(failure)
        }
        if Task.isCancelled { throw .cancelled }
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
            do { try await Task.sleep(for: Backoff().delay(before: attempt)) } catch { throw .cancelled }
            attempt += 1
        }
    }
}
