import NIOCore
import NIOHTTP1
import SluiceAWS
import Testing

/// An instant of a clock that only the test advances.
private struct Moment: InstantProtocol {
    var seconds: Duration

    func advanced(by duration: Duration) -> Moment { Moment(seconds: seconds + duration) }
    func duration(to other: Moment) -> Duration { other.seconds - seconds }
    static func < (first: Moment, second: Moment) -> Bool { first.seconds < second.seconds }
}

extension Moment: ExpressibleByFloatLiteral {
    init(floatLiteral seconds: Double) { self.init(seconds: .seconds(seconds)) }
}

@Suite struct `An HTTP exchange` {
    private var request: HTTPRequest {
        var request = HTTPRequest(method: .GET, url: "http://127.0.0.1/")
        request.idleTimeout = .seconds(30)
        return request
    }

    @Test func `ends when no byte arrives within the idle timeout`() {
        var progress = ProgressWatch.Progress(request, at: Moment(seconds: .zero))
        #expect(progress.deadline == 30.0)
        progress.noteAnswer(at: 10.0)
        #expect(progress.deadline == 40.0)
        progress.note(received: 1 << 20, at: 35.0)
        #expect(progress.deadline == 65.0)
    }

    @Test func `continues for hours while bytes arrive`() {
        var progress = ProgressWatch.Progress(request, at: Moment(seconds: .zero))
        progress.noteAnswer(at: 1.0)
        for second in stride(from: 2.0, to: 7200, by: 10) {
            let now = Moment(seconds: .seconds(second))
            #expect(now < progress.deadline)
            progress.note(received: 16 << 10, at: now)
        }
    }

    @Test func `ends if bytes only trickle in`() {
        var progress = ProgressWatch.Progress(request, at: Moment(seconds: .zero))
        progress.noteAnswer(at: 0.0)
        var (second, isOver) = (0.0, false)
        while second < 3600, !isOver {
            second += 10
            let now = Moment(seconds: .seconds(second))
            isOver = now >= progress.deadline
            progress.note(received: 100, at: now)
        }
        #expect(isOver && second < 60)
    }

    @Test func `allows a late answer from a service that waits or receives a large body`() {
        var slow = request
        slow.patience = .seconds(20)
        #expect(ProgressWatch.Progress(slow, at: Moment(seconds: .zero)).deadline == 50.0)
        var large = request
        large.body = ByteBuffer(repeating: 0, count: 1 << 20)
        var progress = ProgressWatch.Progress(large, at: Moment(seconds: .zero))
        // Includes the time to send what the kernel still buffers when the last part was handed to it.
        #expect(progress.deadline == 94.0)
        progress.noteSent(at: 100.0)
        #expect(progress.deadline == 194.0)
        progress.noteAnswer(at: 101.0)
        #expect(progress.deadline == 131.0)
    }

    @Test(.timeLimit(.minutes(1))) func `that stalls is cancelled, and its partial reply is kept`() async {
        let transport = HTTPTransport { (_, watch: ProgressWatch) in
            watch.noteAnswer()
            let partial = HTTPReply(status: 206, body: ByteBuffer(string: "half"))
            do { try await Task.sleep(for: .seconds(3600)) } catch {}  // sleeps: until it is cancelled
            return .failure(HTTPFailure(kind: .cancelled, reason: "cancelled", partial: partial))
        }
        var short = request
        short.idleTimeout = .milliseconds(5)
        let failure = await #expect(throws: HTTPFailure.self) { try await transport.send(short) }
        #expect(failure?.kind == .timeout && failure?.partial?.body == ByteBuffer(string: "half"))
    }
}
