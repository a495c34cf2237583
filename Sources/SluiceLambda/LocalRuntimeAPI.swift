import NIOCore
import NIOHTTP1
import SluiceFunction
import Synchronization

/// What stands in for the platform where there is none: invocations come from a server of this process's own, and the
/// next is handed out when the one before has been answered.
final class LocalRuntimeAPI: RuntimeAPI {
    /// An event that was posted, and how to answer it.
    struct Call: Sendable {
        let payload: [UInt8]
        /// Sends the answer; the future says that it is on its way.
        let answer: @Sendable (HTTPResponseStatus, [UInt8]) -> EventLoopFuture<Void>
    }

    private struct State {
        var count = 0
        /// The one that is being worked on.
        var current: Call?
    }

    private let calls: AsyncStream<Call>
    private let queue: AsyncStream<Call>.Continuation
    private let state = Mutex(State())

    init() { (calls, queue) = AsyncStream.makeStream() }

    /// Has a call wait for its turn.
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

    /// Nobody has asked yet, and the log says why.
    func failToStart(with error: FunctionError) async throws {}

    private func answer(_ status: HTTPResponseStatus, _ body: [UInt8]) async {
        let call = state.withLock { state in
            defer { state.current = nil }
            return state.current
        }
        // Whoever asked may have gone, which is no trouble of the function's.
        try? await call?.answer(status, body).get()
    }
}
