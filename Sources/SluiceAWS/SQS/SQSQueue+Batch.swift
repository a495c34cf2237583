import NIOCore
import SluiceJSON

/// Operations on a batch of entries, of which a queue may do some and not others.
extension SQSQueue {
    /// Sends a batch operation, and sends it again for the entries that are not done.
    ///
    /// - Parameters:
    ///   - body: Returns the body of a request for some of the entries.
    ///   - isDone: Takes the result of an entry: what the service reports, or why it failed. Returns whether it is done.
    func complete(
        _ operation: String,
        _ entries: Range<Int>,
        body: ([Int]) -> ByteBuffer,
        isDone: (_ entry: Int, _ result: Result<JSONValue, AWSError>) throws(AWSError) -> Bool
    ) async throws(AWSError) {
        var (open, retries) = (Array(entries), client.retries())
        while !open.isEmpty {
            let results = Self.results(try await call(operation, body(open)), operation)
            var (rest, errors) = ([Int](), [AWSError]())
            for entry in open {
                if let result = results[entry], try isDone(entry, result) { continue }
                rest.append(entry)
                if case .failure(let error) = results[entry] { errors.append(error) }
            }
            open = rest
            if open.isEmpty { return }
            // The answer may be incomplete. Then only a retry can help.
            let message = "the response omits messages of the batch"
            let omission = AWSService.sqs.error(.busy, operation, "unanswered", message, status: 200)
            // Permanent errors take precedence.
            try await retries.wait(after: errors.first { $0.kind == .refused } ?? errors.first ?? omission)
        }
    }

    /// Returns the results in an answer whose status is success, by the entries' index in the batch. An entry that the answer
    /// reports as both a success and a failure has failed.
    private static func results(_ answer: JSONValue, _ operation: String) -> [Int: Result<JSONValue, AWSError>] {
        var results: [Int: Result<JSONValue, AWSError>] = [:]
        for (index, failure) in entries(answer["Failed"]) where results[index] == nil {
            results[index] = .failure(error(failure, operation))
        }
        for (index, success) in entries(answer["Successful"]) where results[index] == nil {
            results[index] = .success(success)
        }
        return results
    }

    private static func entries(_ list: JSONValue?) -> [(index: Int, entry: JSONValue)] {
        (list?.elements ?? []).compactMap { entry in
            entry["Id"]?.text.flatMap { Int($0) }.map { ($0, entry) }
        }
    }

    private static func error(_ failure: JSONValue, _ operation: String) -> AWSError {
        let code = failure["Code"]?.text ?? "unknown"
        let message = failure["Message"]?.text ?? "a message of the batch failed"
        return AWSService.sqs.error(
            failure["SenderFault"] != .bool(true) || ErrorReply.isBusy(code) ? .busy : .refused,
            operation,
            ErrorReply.printable(code),
            ErrorReply.printable(message),
            status: 200
        )
    }
}
