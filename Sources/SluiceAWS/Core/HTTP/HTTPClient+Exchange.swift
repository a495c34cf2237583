import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension HTTPClient {
    /// Sends a request, reads the answer, and reports all progress to `watch`.
    ///
    /// There is no time limit: to end the exchange, cancel the task. NIO limits the head of an answer: at most 256 headers of
    /// at most 80 KiB each, 2 MiB in all.
    func exchange(_ request: HTTPRequest, _ watch: ProgressWatch) async -> Result<HTTPReply, HTTPFailure> {
        // The client refuses such a header too, but its error contains the value, which may be a secret.
        guard request.headers.allSatisfy({ $0.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }) else {
            return .failure(
                HTTPFailure(kind: .unusable, reason: "a header of the request would contain a control character")
            )
        }
        // The reply is changed in place. If it were shared, the body would be copied at every part.
        var reply: HTTPReply?
        do {
            let response = try await execute(request.wire(watch), deadline: .distantFuture)
            watch.noteAnswer()
            let (status, isSuccess) = (Int(response.status.code), 200..<300 ~= response.status.code)
            let limit = isSuccess ? request.limit : HTTPReply.largestError
            reply = HTTPReply(status: status, headers: response.headers)
            // The limit of a range request is its length. In other cases memory is not reserved on a server's claim.
            if status == 206 { reply?.body.reserveCapacity(limit) }
            var room = limit
            for try await part in response.body {
                watch.note(received: part.readableBytes)
                if part.readableBytes > room, isSuccess {
                    return .failure(HTTPFailure(kind: .unusable, reason: "the response has more than \(limit) bytes"))
                }
                reply?.body.writeBytes(part.readableBytesView.prefix(room))
                room -= min(room, part.readableBytes)
                if room == 0, !isSuccess { break }
            }
            // If its reader is cancelled, a stream may end without an error, and the answer is incomplete.
            try _Concurrency.Task.checkCancellation()
            return .success(reply ?? HTTPReply(status: status))
        } catch {
            var failure = HTTPFailure(error, url: request.url)
            failure.partial = reply
            return .failure(failure)
        }
    }
}

extension HTTPFailure {
    fileprivate init(_ error: any Error, url: String) {
        switch error {
        case let error as HTTPClientError where Self.requestErrors.contains(error):
            self.init(kind: .unusable, reason: "\(url) can't be requested: \(error)")
        case is CancellationError: self = .cancelled
        default: self.init(kind: .unreachable, reason: "\(error)")
        }
    }

    /// Errors of the request itself.
    private static let requestErrors: [HTTPClientError] = [.invalidURL, .emptyHost, .emptyScheme]
}

extension HTTPRequest {
    /// Returns the request in the client's form. A body for which the watch would not be patient enough is sent in parts, so
    /// that it sees their progress. Each part costs two changes of threads.
    fileprivate func wire(_ watch: ProgressWatch) -> HTTPClientRequest {
        var wire = HTTPClientRequest(url: url)
        wire.method = method
        for (name, value) in headers { wire.headers.add(name: name, value: value) }
        guard let body else { return wire }
        if body.readableBytes <= ProgressWatch.largestBuffer {
            wire.body = .bytes(body)
        } else {
            wire.body = .stream(BodyParts(body: body, watch: watch), length: .known(Int64(body.readableBytes)))
        }
        return wire
    }
}

/// The body of a request in parts, each taken when the connection is ready for it.
private struct BodyParts: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    static let size = 1 << 16

    let body: ByteBuffer
    let watch: ProgressWatch

    func makeAsyncIterator() -> Iterator { Iterator(rest: body, watch: watch) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ByteBuffer
        let watch: ProgressWatch

        mutating func next() async -> ByteBuffer? {
            watch.noteSent()
            return rest.readableBytes == 0 ? nil : rest.readSlice(length: Swift.min(rest.readableBytes, BodyParts.size))
        }
    }
}
