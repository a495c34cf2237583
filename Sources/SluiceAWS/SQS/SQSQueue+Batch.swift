import NIOCore
import SluiceJSON

/// The result of each entry of a batch, from an answer whose status is success.
///
/// An entry counts as done only if the answer reports success for it and no failure. Entries that the answer omits, or
/// reports as both, count as not done.
struct SQSBatchAnswer: JSONAnswer {
    /// The successful entries, by their index in the batch.
    private let succeeded: [Int: JSONValue]
    private let failed: [Int: JSONValue]

    init?(_ json: JSONValue) {
        let failed = Self.entries(json["Failed"])
        self.failed = failed
        succeeded = Self.entries(json["Successful"]).filter { failed[$0.key] == nil }
    }

    private static func entries(_ list: JSONValue?) -> [Int: JSONValue] {
        let entries = (list?.elements ?? []).compactMap { entry in
            entry["Id"]?.text.flatMap { Int($0) }.map { ($0, entry) }
        }
        return Dictionary(entries, uniquingKeysWith: { first, _ in first })
    }

    /// Returns the entries of `open` that succeeded. The MD5 is that of the body, for a message that was sent.
    func successes(of open: [Int]) -> [(index: Int, bodyMD5: String?)] {
        open.compactMap { index in succeeded[index].map { (index, $0["MD5OfMessageBody"]?.text) } }
    }

    /// Returns the entries of `open` that the service permanently refuses, with the error of the first.
    func refused(of open: [Int], _ operation: String) -> (indices: [Int], error: AWSError)? {
        let errors = open.compactMap { index in failed[index].map { (index, Self.error($0, operation)) } }
        let refused = errors.filter { $0.1.kind == .refused }
        return refused.first.map { (refused.map(\.0), $0.1) }
    }

    /// Returns why entries were not done. Permanent errors take precedence.
    func failure(of open: [Int], _ operation: String) -> AWSError {
        if let refused = refused(of: open, operation) { return refused.error }
        if let failure = open.lazy.compactMap({ failed[$0] }).first { return Self.error(failure, operation) }
        // The answer is incomplete, so only a retry can help.
        let message = "the response omits messages of the batch"
        return AWSService.sqs.error(.busy, operation, "unanswered", message, status: 200)
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

extension SQSQueue {
    /// Sends a batch operation, and sends it again for the entries that are not done.
    ///
    /// - Parameters:
    ///   - body: Returns the body of a request for some of the entries.
    ///   - done: Takes an answer, and returns the entries that are done.
    func complete(
        _ operation: String,
        _ entries: Range<Int>,
        body: ([Int]) -> ByteBuffer,
        done: (_ answer: SQSBatchAnswer, _ open: [Int]) throws(AWSError) -> [Int]
    ) async throws(AWSError) {
        var (open, retries) = (Array(entries), client.retries())
        while !open.isEmpty {
            let answer: SQSBatchAnswer = try await call(operation, body(open))
            let done = Set(try done(answer, open))
            open.removeAll { done.contains($0) }
            if !open.isEmpty { try await retries.wait(after: answer.failure(of: open, operation)) }
        }
    }
}
