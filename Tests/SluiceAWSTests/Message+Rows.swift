import Sluice

extension Message {
    /// Returns a message with the given body.
    static func ofRows(_ body: [UInt8]) -> Message {
        var message = CSVConverter().manifest(at: Checkpoint(start: CSVConverter().identity(SourceName("s"))))
        message.body = body
        message.content = .json
        message.range = 0..<1
        message.records = 1...1
        return message
    }
}
