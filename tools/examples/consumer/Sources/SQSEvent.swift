import Sluice

/// The event with which Lambda hands messages of a queue to a function.
struct SQSEvent: Decodable {
    struct Record: Decodable {
        struct Attribute: Decodable { var stringValue: String? }

        var messageId: String
        var body: String
        var messageAttributes: [String: Attribute]

        var message: ReceivedMessage {
            ReceivedMessage(body: Array(body.utf8), attributes: messageAttributes.compactMapValues(\.stringValue))
        }
    }

    /// Names the messages that must be delivered again (`ReportBatchItemFailures`).
    struct Answer: Encodable {
        struct Failure: Encodable { var itemIdentifier: String }

        private(set) var batchItemFailures: [Failure] = []

        mutating func fail(_ record: Record, _ error: any Error) {
            print("\(record.messageId) of \(record.message.source ?? ""): \(error)")
            batchItemFailures.append(Failure(itemIdentifier: record.messageId))
        }
    }

    enum CodingKeys: String, CodingKey { case records = "Records" }

    var records: [Record]
}
