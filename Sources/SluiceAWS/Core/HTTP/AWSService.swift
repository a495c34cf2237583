/// The AWS services in use.
package enum AWSService: String, Sendable, Hashable {
    case s3
    case sqs
    case sts
    case lambda
    case stepFunctions = "states"
    /// IAM Identity Center: the credentials of a role.
    case sso
    /// IAM Identity Center: tokens.
    case ssoOIDC
    /// AWS Sign-In: tokens of `aws login`.
    case signIn = "signin"

    /// The service's name in variables such as `AWS_ENDPOINT_URL_SFN`.
    var variable: String {
        switch self {
        case .stepFunctions: "SFN"
        case .ssoOIDC: "SSO_OIDC"
        default: rawValue.uppercased()
        }
    }

    /// The service's name in errors.
    package var title: String {
        switch self {
        case .s3: "S3"
        case .sqs: "SQS"
        case .sts: "STS"
        case .lambda: "Lambda"
        case .stepFunctions: "Step Functions"
        case .sso, .ssoOIDC: "IAM Identity Center"
        case .signIn: "AWS Sign-In"
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
