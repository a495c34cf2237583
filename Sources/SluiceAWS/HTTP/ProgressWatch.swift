import NIOCore
import Synchronization

/// Notices that an exchange over HTTP makes no progress.
///
/// There is no limit for a whole exchange, or large answers would never arrive over a slow link. What ends one:
/// - No byte in either direction for the idle timeout. Until the answer begins, the request's own patience is added, and
///   the time that its body takes at 16 KiB/s: the kernel buffers what is sent, so nobody sees it leave.
/// - An answer slower than 1 KiB/s on average, beyond one idle timeout. So a server that trickles ends too.
package final class ProgressWatch: Sendable {
    /// What is known of an exchange, at instants of any clock.
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

        /// When the exchange ends if nothing more passes.
        package var deadline: Instant {
            guard let answerStart else { return lastByte.advanced(by: idleTimeout + patience) }
            let slowest = answerStart.advanced(by: idleTimeout + .seconds(received) / ProgressWatch.slowestDownload)
            return min(lastByte.advanced(by: idleTimeout), slowest)
        }
    }

    fileprivate static let slowestUpload = 16 << 10
    fileprivate static let slowestDownload = 1 << 10
    /// The most that a kernel buffers of what is sent.
    fileprivate static let largestBuffer = 4 << 20

    private let progress: Mutex<Progress<ContinuousClock.Instant>>
    private let idleTimeout: Duration

    package init(_ request: HTTPRequest) {
        idleTimeout = request.idleTimeout
        progress = Mutex(Progress(request, at: .now))
    }

    /// A part of the request's body left.
    package func noteSent() { progress.withLock { $0.noteSent(at: .now) } }

    /// The head of the answer arrived.
    package func noteAnswer() { progress.withLock { $0.noteAnswer(at: .now) } }

    /// Bytes of the answer's body arrived.
    package func note(received count: Int) { progress.withLock { $0.note(received: count, at: .now) } }

    /// Returns when the exchange has stalled, or the task is cancelled.
    func waitForStall() async {
        while !Task.isCancelled {
            let deadline = progress.withLock { $0.deadline }
            if deadline <= .now { return }
            try? await Task.sleep(until: deadline, clock: .continuous)
        }
    }

    /// Why it ended.
    var reason: String { "no answer, or not enough of it, within \(idleTimeout)" }
}
