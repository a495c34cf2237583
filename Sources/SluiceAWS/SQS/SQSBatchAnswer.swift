import SluiceJSON

/// What became of the entries of a batch; the call as a whole succeeded.
struct SQSBatchAnswer: JSONAnswer {
    struct Success {
        var id: String
        /// Of a message that was sent.
        var bodyMD5: String?
    }

    let successes: [Success]
    private let failed: [JSONValue]

    init?(_ json: JSONValue) {
        successes = (json["Successful"]?.elements ?? []).compactMap { entry in
            entry["Id"]?.text.map { Success(id: $0, bodyMD5: entry["MD5OfMessageBody"]?.text) }
        }
        failed = json["Failed"]?.elements ?? []
    }

    /// Why entries were left undone: what will not pass comes first.
    func failure(of operation: String) -> AWSError {
        let errors = failed.map { Self.error($0, operation) }
        return errors.first { $0.kind == .refused } ?? errors.first ?? Self.unanswered(operation)
    }

    private static func error(_ failure: JSONValue, _ operation: String) -> AWSError {
        let code = failure["Code"]?.text ?? "unknown"
        let passes = failure["SenderFault"] != .bool(true) || ServiceAnswer.isBusy(code)
        return AWSError(
            passes ? .busy : .refused,
            service: AWSService.sqs.title,
            operation: operation,
            code: code,
            message: failure["Message"]?.text ?? "a message of the batch failed",
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
