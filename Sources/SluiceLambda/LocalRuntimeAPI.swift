import NIOCore
import NIOHTTP1
import SluicePipeline
import Synchronization

/// A substitute for the platform: invocations come from a server in this process. The next one starts when the one before
/// has been answered.
final class LocalRuntimeAPI: RuntimeAPI {
    /// An event that was posted, and how to answer it.
    struct Call: Sendable {
        let payload: [UInt8]
        /// Sends the answer. The future completes when it has been written.
        let answer: @Sendable (HTTPResponseStatus, [UInt8]) -> EventLoopFuture<Void>
    }

    private struct State {
        var count = 0
        /// The call in progress.
        var current: Call?
    }

    private let calls: AsyncStream<Call>
    private let queue: AsyncStream<Call>.Continuation
    private let state = Mutex(State())

    init() { (calls, queue) = AsyncStream.makeStream() }

    /// Enqueues a call.
    func add(_ call: Call) { queue.yield(call) }

    func next() async throws -> Invocation {
        var iterator = calls.makeAsyncIterator()
        guard let call = await iterator.next() else { throw CancellationError() }
        let number = state.withLock { state in
            state.current = call
            state.count += 1
            return state.count
        }
        return Invocation(requestID: "local-\(number)", deadline: .now + Invocation.longest, payload: call.payload)
    }

    func respond(to requestID: String, with result: [UInt8]) async throws { await answer(.ok, result) }

    func fail(_ requestID: String, with error: FunctionError) async throws {
        await answer(.internalServerError, Array(error.document.utf8))
    }

    /// Does nothing: no call is waiting yet, and the log states the error.
    func failToStart(with error: FunctionError) async throws {}

    private func answer(_ status: HTTPResponseStatus, _ body: [UInt8]) async {
        let call = state.withLock { state in
            defer { state.current = nil }
            return state.current
        }
        // The client may have disconnected, which is not an error of the function.
        try? await call?.answer(status, body).get()
    }
}
