/// The services that are spoken to.
package enum AWSService: String, Sendable, Hashable {
    case s3
    case sqs
    case sts
    case lambda
    case stepFunctions = "states"

    /// As the variables call it that say where it is: `AWS_ENDPOINT_URL_SFN`.
    var variable: String { self == .stepFunctions ? "SFN" : rawValue.uppercased() }

    /// As errors call it.
    package var title: String {
        switch self {
        case .s3: "S3"
        case .sqs: "SQS"
        case .sts: "STS"
        case .lambda: "Lambda"
        case .stepFunctions: "Step Functions"
        }
    }
}
