import SluiceJSON

/// Payloads of invocations, as the services document them.
enum Payloads {
    /// Returns S3's event for a created object. `key` is form-encoded, as S3 writes it.
    static func s3(
        _ key: String,
        event: String = "ObjectCreated:Put",
        version: String? = nil,
        sequencer: String? = nil
    ) -> String {
        let version = version.map { ",\"versionId\":\"\($0)\"" } ?? ""
        let sequencer = sequencer.map { ",\"sequencer\":\"\($0)\"" } ?? ""
        return """
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1",
            "eventTime":"2026-01-31T12:00:00.000Z","eventName":"\(event)",
            "userIdentity":{"principalId":"AWS:EXAMPLE"},"requestParameters":{"sourceIPAddress":"192.0.2.1"},
            "responseElements":{"x-amz-request-id":"EXAMPLE123456789","x-amz-id-2":"EXAMPLE123"},
            "s3":{"s3SchemaVersion":"1.0","configurationId":"csv","bucket":{"name":"inbox",
            "ownerIdentity":{"principalId":"EXAMPLE"},"arn":"arn:aws:s3:::inbox"},
            "object":{"key":"\(key)","size":1024,"eTag":"0123456789abcdef0123456789abcdef"\(version)\(sequencer)}}}]}
            """
    }

    /// Returns the event with which SNS invokes a function.
    static func sns(_ messages: String..., traceparent: String? = nil) -> String {
        let records = messages.map { message in
            """
            {"EventSource":"aws:sns","EventVersion":"1.0","EventSubscriptionArn":"arn:aws:sns:us-east-1:1:t:s",
            "Sns":{"Type":"Notification","MessageId":"11111111-2222-3333-4444-555555555555",
            "TopicArn":"arn:aws:sns:us-east-1:123456789012:t","Subject":"Amazon S3 Notification",
            "Message":\(JSONWriter.string(message)),"Timestamp":"2026-01-31T12:00:00.000Z","SignatureVersion":"1",
            "MessageAttributes":{\(attribute(traceparent))}}}
            """
        }
        return "{\"Records\":[\(records.joined(separator: ","))]}"
    }

    /// Returns the event with which SQS invokes a function.
    static func sqs(_ bodies: String..., traceparent: String? = nil) -> String { sqs(bodies, traceparent: traceparent) }

    static func sqs(_ bodies: [String], traceparent: String? = nil) -> String {
        let attribute = traceparent.map { "\"traceparent\":{\"stringValue\":\"\($0)\",\"dataType\":\"String\"}" } ?? ""

        let records = bodies.enumerated().map { number, body in
            """
            {"messageId":"\(number)","receiptHandle":"AQEB","body":\(JSONWriter.string(body)),"attributes":
            {"ApproximateReceiveCount":"1","SentTimestamp":"1769860800000"},"messageAttributes":{\(attribute)},
            "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:123456789012:q","awsRegion":"us-east-1"}
            """
        }
        return "{\"Records\":[\(records.joined(separator: ","))]}"
    }

    /// Returns the message that SNS puts into a queue without raw delivery.
    static func notification(_ message: String, traceparent: String? = nil) -> String {
        """
        {"Type":"Notification","MessageId":"11111111-2222-3333-4444-555555555555",
        "TopicArn":"arn:aws:sns:us-east-1:123456789012:t","Message":\(JSONWriter.string(message)),
        "Timestamp":"2026-01-31T12:00:00.000Z","MessageAttributes":{\(attribute(traceparent))}}
        """
    }

    /// Returns an attribute of a notification.
    private static func attribute(_ traceparent: String?) -> String {
        traceparent.map { "\"traceparent\":{\"Type\":\"String\",\"Value\":\"\($0)\"}" } ?? ""
    }

    /// Returns EventBridge's event for an object. `key` is not encoded.
    static func eventBridge(_ key: String, type: String = "Object Created") -> String {
        """
        {"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"\(type)","source":"aws.s3",
        "account":"123456789012","time":"2026-01-31T12:00:00Z","region":"us-east-1","resources":["arn:aws:s3:::inbox"],
        "detail":{"version":"0","bucket":{"name":"inbox"},"object":{"key":\(JSONWriter.string(key)),"size":5,
        "etag":"b1946ac92492d2347c6235b4d2611184","version-id":"IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
        "sequencer":"00617F08299329D189"},"request-id":"N4N7GDK58NMKJ12R","reason":"PutObject"}}
        """
    }

    static let test = """
        {"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-01-31T12:00:00.000Z","Bucket":"inbox",
        "RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR"}
        """
}
