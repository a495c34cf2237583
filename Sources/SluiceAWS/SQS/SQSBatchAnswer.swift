import SluiceJSON

/// The result of each entry of a batch, from an answer whose status is success.
///
/// An entry counts as done only if the answer reports success for it and no failure. Entries that the answer omits, or
/// reports as both, count as not done.
struct SQSBatchAnswer: JSONAnswer {
    struct Success {
        /// The entry's index in the batch.
        var index: Int
        /// The MD5 of the body, for a message that was sent.
        var bodyMD5: String?
    }

    let successes: [Success]
    private let failed: [Int: JSONValue]

    init?(_ json: JSONValue) {
        var failed: [Int: JSONValue] = [:]
        for entry in json["Failed"]?.elements ?? [] {
            if let index = Self.index(of: entry) { failed[index] = entry }
        }
        successes = (json["Successful"]?.elements ?? []).compactMap { entry in
            guard let index = Self.index(of: entry), failed[index] == nil else { return nil }
            return Success(index: index, bodyMD5: entry["MD5OfMessageBody"]?.text)
        }
        self.failed = failed
    }

    private static func index(of entry: JSONValue) -> Int? { entry["Id"]?.text.flatMap { Int($0) } }

    /// Returns the entries of `open` that the service permanently refuses, with the error of the first.
    func refused(of open: [Int], _ operation: String) -> (indices: [Int], error: AWSError)? {
        let errors = open.compactMap { index in failed[index].map { (index, Self.error($0, operation)) } }
        let refused = errors.filter { $0.1.kind == .refused }
        return refused.first.map { (refused.map(\.0), $0.1) }
    }

    /// Returns why entries were not done. Permanent errors take precedence.
    func failure(of open: [Int], _ operation: String) -> AWSError {
        if let refused = refused(of: open, operation) { return refused.error }
        return open.lazy.compactMap { failed[$0] }.first.map { Self.error($0, operation) } ?? Self.unanswered(operation)
    }

    private static func error(_ failure: JSONValue, _ operation: String) -> AWSError {
        let code = failure["Code"]?.text ?? "unknown"
        let passes = failure["SenderFault"] != .bool(true) || ErrorReply.isBusy(code)
        return AWSError(
            passes ? .busy : .refused,
            service: AWSService.sqs.title,
            operation: operation,
            code: ErrorReply.printable(code),
            message: ErrorReply.printable(failure["Message"]?.text ?? "a message of the batch failed"),
            status: 200
        )
    }

    /// Returns the error for entries that neither succeeded nor failed. The answer is incomplete, so only a retry can help.
    private static func unanswered(_ operation: String) -> AWSError {
        AWSError(
            .busy,
            service: AWSService.sqs.title,
            operation: operation,
            code: "unanswered",
            message: "the response omits messages of the batch",
            status: 200
        )
    }
}
