import NIOCore
import NIOHTTP1
import NIOPosix
import SluicePipeline

/// A server for development, as is customary for Swift functions. It answers an event posted to /invoke on this machine with
/// the function's result and status 200, or with its error and status 500.
struct LocalServer {
    static let defaultPort = 7000
    private static let host = "127.0.0.1"

    private let channel: any Channel

    /// Starts listening, and passes events to `api`.
    init(port: Int, for api: LocalRuntimeAPI) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(InvokeHandler(api))
                }
            }
            .bind(host: Self.host, port: port).get()
    }

    /// `http://127.0.0.1:7000/invoke`
    var url: String { "http://\(Self.host):\(channel.localAddress?.port ?? 0)\(InvokeHandler.path)" }
}

/// The handler of a connection. The pipeline passes a request on only after the one before has been answered.
private final class InvokeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    static let path = "/invoke"

    private let api: LocalRuntimeAPI
    /// The status to refuse the request with, if it is refused.
    private var refusal: HTTPResponseStatus?
    private var body: [UInt8] = []

    init(_ api: LocalRuntimeAPI) { self.api = api }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            body = []
            refusal = head.uri == Self.path ? (head.method == .POST ? nil : .methodNotAllowed) : .notFound
        case .body(let part):
            if body.count + part.readableBytes > Invocation.largestPayload { refusal = .payloadTooLarge }
            if refusal == nil { body += part.readableBytesView }
        case .end:
            let channel = context.channel
            if let refusal {
                Self.answer(channel, refusal, [], promise: nil)
                return
            }
            api.add(
                LocalRuntimeAPI.Call(payload: body) { status, body in
                    let promise = channel.eventLoop.makePromise(of: Void.self)
                    Self.answer(channel, status, body, promise: promise)
                    return promise.futureResult
                }
            )
            body = []
        }
    }

    private static func answer(
        _ channel: any Channel,
        _ status: HTTPResponseStatus,
        _ body: [UInt8],
        promise: EventLoopPromise<Void>?
    ) {
        let headers: HTTPHeaders = ["content-type": "application/json", "content-length": "\(body.count)"]
        channel.write(
            HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)),
            promise: nil
        )
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: promise)
    }
}
