/// What became of the entries of a batch; the call as a whole succeeded.
struct SQSBatchAnswer: Decodable {
    struct Success: Decodable {
        var id: String
        /// Of a message that was sent.
        var bodyMD5: String?

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
            case bodyMD5 = "MD5OfMessageBody"
        }
    }

    struct Failure: Decodable {
        var id: String
        var code: String?
        var message: String?
        var isSendersFault: Bool?

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
            case code = "Code"
            case message = "Message"
            case isSendersFault = "SenderFault"
        }
    }

    private var successful: [Success]?
    private var failed: [Failure]?

    private enum CodingKeys: String, CodingKey {
        case successful = "Successful"
        case failed = "Failed"
    }

    var successes: [Success] { successful ?? [] }

    /// Why entries were left undone: what will not pass comes first.
    func failure(of operation: String) -> AWSError {
        let errors = (failed ?? []).map { Self.error($0, operation) }
        return errors.first { $0.kind == .refused } ?? errors.first ?? Self.unanswered(operation)
    }

    private static func error(_ failure: Failure, _ operation: String) -> AWSError {
        let code = failure.code ?? "unknown"
        let passes = failure.isSendersFault != true || ServiceAnswer.isBusy(code)
        return AWSError(
            passes ? .busy : .refused,
            service: AWSService.sqs.title,
            operation: operation,
            code: code,
            message: failure.message ?? "a message of the batch failed",
            status: 200
        )
    }

    /// Entries neither succeeded nor failed: the answer is not complete, and asking again is all that can be done.
    private static func unanswered(_ operation: String) -> AWSError {
        AWSError(
            .busy,
            service: AWSService.sqs.title,
            operation: operation,
            code: "unanswered",
            message: "the answer leaves out messages of the batch",
            status: 200
        )
    }
}
