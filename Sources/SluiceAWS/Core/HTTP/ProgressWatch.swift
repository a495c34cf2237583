import NIOCore
import Synchronization

/// Detects that an HTTP exchange makes no progress.
///
/// The whole exchange has no time limit: over a slow link, large answers would never complete. It ends on:
/// - No byte in either direction for the idle timeout. Before the answer begins, the timeout is extended by the request's
///   `patience` and by the time its body takes at 16 KiB/s: the kernel buffers outgoing bytes, so their progress is unknown.
/// - An answer slower than 1 KiB/s on average, beyond one idle timeout. This ends servers that trickle.
package final class ProgressWatch: Sendable {
    /// The progress of an exchange, measured with any clock.
    package struct Progress<Instant: InstantProtocol>: Sendable where Instant.Duration == Duration {
        private let idleTimeout: Duration
        private let patience: Duration
        private var lastByte: Instant
        private var answerStart: Instant?
        private var received = 0

        package init(_ request: HTTPRequest, at start: Instant) {
            idleTimeout = request.idleTimeout
            let body = min(request.body?.readableBytes ?? 0, ProgressWatch.largestBuffer)
            patience = request.patience + .seconds(body) / ProgressWatch.slowestUpload
            lastByte = start
        }

        package mutating func noteSent(at now: Instant) { lastByte = now }

        package mutating func noteAnswer(at now: Instant) {
            lastByte = now
            answerStart = now
        }

        package mutating func note(received count: Int, at now: Instant) {
            lastByte = now
            received += count
        }

        /// When the exchange ends unless there is further progress.
        package var deadline: Instant {
            guard let answerStart else { return lastByte.advanced(by: idleTimeout + patience) }
            let slowest = answerStart.advanced(by: idleTimeout + .seconds(received) / ProgressWatch.slowestDownload)
            return min(lastByte.advanced(by: idleTimeout), slowest)
        }
    }

    fileprivate static let slowestUpload = 16 << 10
    fileprivate static let slowestDownload = 1 << 10
    /// The most outgoing bytes that a kernel buffers, and that are sent without a report of their progress.
    static let largestBuffer = 4 << 20

    private let progress: Mutex<Progress<ContinuousClock.Instant>>
    private let idleTimeout: Duration

    package init(_ request: HTTPRequest) {
        idleTimeout = request.idleTimeout
        progress = Mutex(Progress(request, at: .now))
    }

    /// Notes that a part of the request's body was sent.
    package func noteSent() { progress.withLock { $0.noteSent(at: .now) } }

    /// Notes that the head of the answer arrived.
    package func noteAnswer() { progress.withLock { $0.noteAnswer(at: .now) } }

    /// Notes that bytes of the answer's body arrived.
    package func note(received count: Int) { progress.withLock { $0.note(received: count, at: .now) } }

    /// Returns when the exchange has stalled, or when the task is cancelled.
    func waitForStall() async {
        while !Task.isCancelled {
            let deadline = progress.withLock { $0.deadline }
            if deadline <= .now { return }
            try? await Task.sleep(until: deadline, clock: .continuous)
        }
    }

    /// Why the exchange ended.
    var reason: String { "no response, or not enough of it, within \(idleTimeout)" }
}
