import NIOCore
import NIOHTTP1
import SluiceJSON

/// A reply that reports an error: as JSON (SQS), as XML (S3, STS), or by its status alone.
struct ErrorReply {
    let reply: HTTPReply
    let request: AWSRequest

    init(_ reply: HTTPReply, to request: AWSRequest) {
        self.reply = reply
        self.request = request
    }

    var error: AWSError {
        let text = String(buffer: reply.body)
        let isJSON = reply.headers["content-type"].contains { $0.contains("json") } || text.hasPrefix("{")
        let given = isJSON || reply.headers.contains(name: "x-amzn-errortype") ? json : xml(text)
        let (code, message) = (Self.printable(given.code), Self.printable(given.message))
        // For the version id of a delete marker, S3 answers that the method is not allowed.
        let isDeleted = reply.headers.first(name: "x-amz-delete-marker") == "true"
        return AWSError(
            isDeleted ? .notFound : Self.kind(status: reply.status, code: code),
            service: request.service.title,
            operation: request.operation,
            code: code,
            message: isDeleted ? "it was deleted" : message.isEmpty ? Self.meaning(of: reply.status) : message,
            status: reply.status,
            requestID: header("x-amzn-requestid") ?? header("x-amz-request-id"),
            extendedRequestID: header("x-amz-id-2")
        )
    }

    private func header(_ name: String) -> String? { reply.headers.first(name: name).map(Self.printable) }

    /// The region that the request should have gone to: S3 states it in a header (PermanentRedirect), or where the request was
    /// signed for another one, in the body (AuthorizationHeaderMalformed). Nil if it is not that.
    var region: String? {
        guard [301, 302, 307, 400].contains(reply.status),
            let region = reply.headers.first(name: "x-amz-bucket-region")
                ?? XMLElement.first("Region", in: String(buffer: reply.body)),
            region != request.region, EndpointResolver.isHostLabel(region)
        else { return nil }
        return region
    }

    /// Returns a service's text in a form that is safe in a log or on a terminal: one line of at most 1,000 characters.
    static func printable(_ text: String) -> String {
        let short = text.unicodeScalars.prefix(1000)
        let scalars = short.map { $0.properties.generalCategory == .control ? " " : $0 }
        return String(String.UnicodeScalarView(scalars)) + (short.endIndex < text.unicodeScalars.endIndex ? "…" : "")
    }

    /// Returns the error for a request without an answer.
    static func error(_ failure: HTTPFailure, to request: AWSRequest) -> AWSError {
        let kind: AWSError.Kind =
            switch failure.kind {
            case .unreachable, .timeout: .unreachable
            case .cancelled: .cancelled
            case .unusable: .malformed
            }
        let message = "\(request.endpoint.authority): \(failure.reason)"
        return request.service.error(kind, request.operation, "\(failure.kind)", message)
    }

    /// Whether an error code reports that credentials were valid and have expired.
    static func isExpired(_ code: String) -> Bool {
        ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"].contains(code)
    }

    static func kind(status: Int, code: String) -> AWSError.Kind {
        if isBusy(code) || [429, 500, 502, 503, 504].contains(status) { return .busy }
        if isExpired(code) || credentialCodes.contains(code) { return .credentials }
        if status == 404 || notFoundCodes.contains(code) { return .notFound }
        return status == 412 ? .changed : .refused
    }

    /// Whether an error code reports that the service cannot serve the request now.
    static func isBusy(_ code: String) -> Bool {
        code.contains("Throttl") || busyCodes.contains(code)
    }

    private static let busyCodes: Set<String> = [
        "SlowDown", "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure",
        "ServiceUnavailable", "TooManyRequestsException", "RequestLimitExceeded", "OverLimit",
    ]
    private static let credentialCodes: Set<String> = [
        "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
        "InvalidSignatureException", "MissingAuthenticationToken",
    ]
    private static let notFoundCodes: Set<String> = [
        "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "NoSuchKey", "NoSuchBucket", "NoSuchVersion",
    ]

    private var json: (code: String, message: String) {
        let fault = JSONValue(parsing: reply.body.readableBytesView, mostValues: 1000)
        // `com.amazonaws.sqs#QueueDoesNotExist`. The older name is in a header, before a semicolon; the only name of services that
        // use REST in another, before a colon.
        let type = fault?["__type"]?.text?.split(separator: "#").last.map(String.init)
        let older = reply.headers.first(name: "x-amzn-query-error")?.split(separator: ";").first.map(String.init)
        let header = reply.headers.first(name: "x-amzn-errortype")?.split(separator: ":").first.map(String.init)
        return (type ?? older ?? header ?? "", fault?["message"]?.text ?? fault?["Message"]?.text ?? "")
    }

    private func xml(_ text: String) -> (code: String, message: String) {
        (XMLElement.first("Code", in: text) ?? "", XMLElement.first("Message", in: text) ?? "")
    }

    /// Returns a message for answers without a body, such as those to HEAD.
    private static func meaning(of status: Int) -> String {
        switch status {
        case 301, 307: "it is in another region"
        case 400: "the request was not accepted"
        case 403: "not allowed"
        case 404: "not found"
        case 412: "the object changed while it was read"
        case 413: "the request is too large"
        case 416: "the object is shorter than it was"
        case 429: "there are too many requests"
        default: "status \(status)"
        }
    }
}
