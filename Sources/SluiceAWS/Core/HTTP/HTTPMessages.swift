import NIOCore
import NIOHTTP1

/// An HTTP request.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    package var url: String
    package var headers: [(name: String, value: String)] = []
    package var body: ByteBuffer?
    /// The longest time without a byte in either direction.
    package var idleTimeout: Duration = .seconds(30)
    /// How long the server may take to begin its answer, in addition to the idle timeout.
    package var patience: Duration = .zero
    /// The most bytes that an answer may have.
    package var limit = 16 << 20

    package init(method: HTTPMethod, url: String) {
        self.method = method
        self.url = url
    }
}

/// An HTTP answer.
package struct HTTPReply: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    /// The body; unless the status is a success, at most ``largestError`` bytes of it.
    package var body: ByteBuffer

    /// How many bytes of an error's body are read; the rest is dropped together with the connection.
    package static let largestError = 1 << 16

    package init(status: Int, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// A failed exchange: there was no answer, or only a part of one.
package struct HTTPFailure: Error, Sendable {
    package enum Kind: Sendable {
        case unreachable
        case timeout
        case cancelled
        /// The answer is too large, or the request is invalid. A retry would not help.
        case unusable
    }

    package var kind: Kind
    package var reason: String
    /// The part of the answer that had arrived when the connection broke or stalled.
    package var partial: HTTPReply?

    package init(kind: Kind, reason: String, partial: HTTPReply? = nil) {
        self.kind = kind
        self.reason = reason
        self.partial = partial
    }

    package static let cancelled = HTTPFailure(kind: .cancelled, reason: "cancelled")
}
