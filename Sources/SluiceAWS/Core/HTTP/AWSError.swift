public import SluiceEngine

/// An error of an AWS service, or of a request to one.
public struct AWSError: Error, Sendable, Hashable {
    /// The kinds of errors, by what can be done about them.
    public enum Kind: String, Sendable, Hashable {
        /// The caller's configuration is incomplete or invalid: a region, an address.
        case setUp
        /// There are no credentials, or they are not accepted.
        case credentials
        /// The resource does not exist.
        case notFound
        /// The object has changed since it was first read.
        case changed
        /// The service refuses the request, and would refuse a retry.
        case refused
        /// The service could not do it, after all retries.
        case busy
        /// There was no answer.
        case unreachable
        /// The answer is invalid.
        case malformed
        /// The task was cancelled.
        case cancelled
    }

    /// The kind of the error.
    public var kind: Kind
    /// The service's name, such as `SQS`; empty if no request was made.
    public var service: String
    /// The operation, such as `SendMessageBatch`.
    public var operation: String
    /// The service's code for the error, such as `AccessDenied`.
    public var code: String
    /// A description of the error, by the service or by this library.
    public var message: String
    /// The HTTP status of the answer; nil if there was none.
    public var status: Int?
    /// The request's id, for the operator of the service.
    public var requestID: String?
    /// A second id, which the operator of S3 asks for too.
    public var extendedRequestID: String?

    package init(
        _ kind: Kind,
        service: String = "",
        operation: String = "",
        code: String,
        message: String,
        status: Int? = nil,
        requestID: String? = nil,
        extendedRequestID: String? = nil
    ) {
        self.kind = kind
        self.service = service
        self.operation = operation
        self.code = code
        self.message = message
        self.status = status
        self.requestID = requestID
        self.extendedRequestID = extendedRequestID
    }

    /// What to do about the error; empty if unknown.
    public var advice: String {
        switch (kind, code) {
        case (.changed, _): "read it again from the start, or name a version: ?versionId=…"
        case (.credentials, "ExpiredToken"), (.credentials, "ExpiredTokenException"): "get new credentials"
        case (.refused, "AccessDenied") where operation == "HeadObject" || operation == "GetObject":
            "allow it in the policies of the role and of the bucket; without s3:ListBucket, a missing object is refused too"
        case (.refused, "AccessDenied"), (.refused, "AccessDeniedException"):
            "allow it in the policies of the role and of the resource"
        case (.refused, "InvalidObjectState"): "restore it from its archive, and run this again"
        case (.refused, "RequestTimeTooSkewed"): "set this machine's clock"
        case (.refused, "PermanentRedirect"), (.refused, "AuthorizationHeaderMalformed"):
            "set AWS_REGION to the region that it is in"
        case (.busy, _): "try again later"
        case (.unreachable, _): "check the network, AWS_REGION and AWS_ENDPOINT_URL"
        default: ""
        }
    }

    static func credentials(_ message: String) -> AWSError {
        AWSError(.credentials, code: "noCredentials", message: message)
    }

    /// Returns the error with the object's location in its message, for callers that do not know it.
    func naming(_ location: S3Location) -> AWSError {
        var error = self
        error.message = "\(location): \(message)"
        return error
    }

    /// Whether an object, or its version, does not exist in a bucket that does.
    package var isNoSuchObject: Bool { kind == .notFound && code != "NoSuchBucket" }

    static func setUp(_ message: String) -> AWSError { AWSError(.setUp, code: "notSetUp", message: message) }
}

extension AWSError: CustomStringConvertible {
    /// A description such as `SQS SendMessageBatch: not allowed [AccessDenied, status 403, request 1234]; allow it in …`.
    public var description: String {
        let subject = [service, operation].filter { !$0.isEmpty }.joined(separator: " ")
        let facts = [
            code, status.map { "status \($0)" } ?? "", requestID.map { "request \($0)" } ?? "",
            extendedRequestID.map { "id-2 \($0)" } ?? "",
        ]
        return (subject.isEmpty ? "" : "\(subject): ") + message
            + " [\(facts.filter { !$0.isEmpty }.joined(separator: ", "))]" + (advice.isEmpty ? "" : "; \(advice)")
    }

    /// Returns the error as a `SluiceError` about `resource`, an object or a queue.
    public func fault(about resource: String) -> SluiceError { .service(serviceFault(about: resource)) }

    package func serviceFault(about resource: String) -> ServiceFault {
        let kind: ServiceFault.Kind =
            switch self.kind {
            case .setUp, .credentials, .refused, .malformed, .cancelled: .refused
            case .notFound: .notFound
            case .changed: .changed
            case .busy: .busy
            case .unreachable: .unreachable
            }
        return ServiceFault(kind, resource: resource, code: code, message: description)
    }
}
