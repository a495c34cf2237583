import NIOCore
import NIOHTTP1

/// One request over HTTP.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    package var url: String
    package var headers: [(name: String, value: String)] = []
    package var body: ByteBuffer?
    /// The longest time without a byte in either direction.
    package var idleTimeout: Duration = .seconds(30)
    /// Added to that before the answer begins: how long the server may take for it.
    package var patience: Duration = .zero
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
    /// Of an answer other than success, no more than ``largestError``.
    package var body: ByteBuffer

    /// Bytes of an answer other than success that are read; the rest of it is dropped with its connection.
    package static let largestError = 1 << 16

    package init(status: Int, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// No answer, or a part of one.
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
    /// What had arrived of an answer when the connection broke or stalled.
    package var partial: HTTPReply?

    package init(kind: Kind, reason: String, partial: HTTPReply? = nil) {
        self.kind = kind
        self.reason = reason
        self.partial = partial
    }

    package static let cancelled = HTTPFailure(kind: .cancelled, reason: "cancelled")
}
