/// The services that are spoken to.
package enum AWSService: String, Sendable, Hashable {
    case s3
    case sqs
    case sts

    /// As errors call it.
    package var title: String {
        switch self {
        case .s3: "S3"
        case .sqs: "SQS"
        case .sts: "STS"
        }
    }
}
