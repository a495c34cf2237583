import NIOCore

/// Sends requests over connections that are kept alive for reuse.
package struct HTTPTransport: Sendable {
    private let exchange: @Sendable (HTTPRequest, ProgressWatch) async -> Result<HTTPReply, HTTPFailure>

    /// The process's transport.
    package static let shared: HTTPTransport = {
        let connections = HTTPConnections(.process)
        return HTTPTransport { request, watch in await connections.exchange(request, watch) }
    }()

    /// Creates a transport that calls `exchange` to answer requests.
    package init(exchange: @escaping @Sendable (HTTPRequest) async -> Result<HTTPReply, HTTPFailure>) {
        self.init { request, _ in await exchange(request) }
    }

    /// Creates a transport that calls `exchange`, which reports its progress, to answer requests.
    package init(exchange: @escaping @Sendable (HTTPRequest, ProgressWatch) async -> Result<HTTPReply, HTTPFailure>) {
        self.exchange = exchange
    }

    /// Sends a request once. It may take as long as it makes progress; see ``ProgressWatch``.
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
            // The exchange was cancelled because it stalled. What had arrived by then is kept.
            let rest = await group.next() ?? nil
            guard case .failure(var failure) = rest else { return rest ?? .failure(.cancelled) }
            failure.kind = .timeout
            failure.reason = watch.reason
            return .failure(failure)
        }
        if Task.isCancelled { throw .cancelled }
        return try result.get()
    }

    /// Sends a request up to `attempts` times, until the answer is not a server error.
    package func send(_ request: HTTPRequest, attempts: Int) async throws(HTTPFailure) -> HTTPReply {
        for attempt in 1..<max(1, attempts) {
            do throws(HTTPFailure) {
                let reply = try await send(request)
                if reply.status < 500 { return reply }
            } catch {
                if error.kind == .cancelled { throw error }
            }
            do { try await Task.sleep(for: Backoff().delay(before: attempt)) } catch { throw .cancelled }
        }
        return try await send(request)
    }
}
