public import Sluice

/// Why a service of AWS did not do what it was asked for.
public struct AWSError: Error, Sendable, Hashable {
    /// What can be done about it.
    public enum Kind: String, Sendable, Hashable {
        /// Something is missing or wrong on this side: a region, an address.
        case setUp
        /// No credentials, or none that are accepted.
        case credentials
        /// What was asked for is not there.
        case notFound
        /// The object is not the one that was read first.
        case changed
        /// The service refuses, and would again.
        case refused
        /// The service could not do it, however often it was asked within reason.
        case busy
        /// Nobody answered.
        case unreachable
        /// The answer makes no sense.
        case malformed
        /// Whoever asked does not want it any more.
        case cancelled
    }

    /// What can be done about it.
    public var kind: Kind
    /// The service's name, such as `SQS`; empty if none was asked.
    public var service: String
    /// What it was asked for, such as `SendMessageBatch`.
    public var operation: String
    /// The service's name for the fault, such as `AccessDenied`.
    public var code: String
    /// What happened, in the service's words or ours.
    public var message: String
    /// The status of the answer; nil if there was none.
    public var status: Int?
    /// Names the request for whoever runs the service.
    public var requestID: String?

    package init(
        _ kind: Kind,
        service: String = "",
        operation: String = "",
        code: String,
        message: String,
        status: Int? = nil,
        requestID: String? = nil
    ) {
        self.kind = kind
        self.service = service
        self.operation = operation
        self.code = code
        self.message = message
        self.status = status
        self.requestID = requestID
    }

    /// What to do about it; empty if nobody knows.
    public var advice: String {
        switch (kind, code) {
        case (.changed, _): "read it again from the start, or name a version: ?versionId=…"
        case (.credentials, "ExpiredToken"), (.credentials, "ExpiredTokenException"): "get new credentials"
        case (.refused, "AccessDenied"), (.refused, "AccessDeniedException"):
            "allow it in the policies of the role and of the resource"
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

    /// The same error for whoever does not know that it was about this object.
    func naming(_ location: S3Location) -> AWSError {
        var error = self
        error.message = "\(location): \(message)"
        return error
    }

    static func setUp(_ message: String) -> AWSError { AWSError(.setUp, code: "notSetUp", message: message) }
}

extension AWSError: CustomStringConvertible {
    /// `SQS SendMessageBatch: not allowed [AccessDenied, status 403, request 1234]; allow it in …`.
    public var description: String {
        let subject = [service, operation].filter { !$0.isEmpty }.joined(separator: " ")
        let facts = [code, status.map { "status \($0)" } ?? "", requestID.map { "request \($0)" } ?? ""]
        return (subject.isEmpty ? "" : "\(subject): ") + message
            + " [\(facts.filter { !$0.isEmpty }.joined(separator: ", "))]" + (advice.isEmpty ? "" : "; \(advice)")
    }

    /// The same for the engine's callers, about that object or queue.
    public func fault(about resource: String) -> SluiceError {
        let kind: ServiceFault.Kind =
            switch self.kind {
            case .setUp, .credentials, .refused, .malformed, .cancelled: .refused
            case .notFound: .notFound
            case .changed: .changed
            case .busy: .busy
            case .unreachable: .unreachable
            }
        return .service(ServiceFault(kind, resource: resource, code: code, message: description))
    }
}
