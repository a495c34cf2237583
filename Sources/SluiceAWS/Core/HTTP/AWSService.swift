/// The AWS services in use.
package enum AWSService: String, Sendable, Hashable {
    case s3
    case sqs
    case sts
    case lambda
    case stepFunctions = "states"

    /// The service's name in variables such as `AWS_ENDPOINT_URL_SFN`.
    var variable: String { self == .stepFunctions ? "SFN" : rawValue.uppercased() }

    /// The service's name in errors.
    package var title: String {
        switch self {
        case .s3: "S3"
        case .sqs: "SQS"
        case .sts: "STS"
        case .lambda: "Lambda"
        case .stepFunctions: "Step Functions"
        }
    }

    /// Returns an error of the service, or of its answer, in an operation.
    func error(
        _ kind: AWSError.Kind,
        _ operation: String,
        _ code: String,
        _ message: String,
        status: Int? = nil
    ) -> AWSError {
        AWSError(kind, service: title, operation: operation, code: code, message: message, status: status)
    }
}
