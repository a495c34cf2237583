import SluiceCSV
import SluiceJSON

/// Writes each message as one line of JSON: `{"body":"…","attributes":{"sluice.source":"orders.csv",…}}`.
public struct MessageLineSink<Sink: ByteSink>: MessageSink where Sink.Failure == SluiceError {
    /// Where the lines go.
    public private(set) var sink: Sink
    private let kernel: Kernel

    /// Creates a sink that writes lines to another.
    public init(_ sink: Sink, kernel: Kernel = .best) {
        self.sink = sink
        self.kernel = kernel
    }

    /// Writes the message as a line.
    public mutating func send(_ message: Message) throws(SluiceError) {
        try write(message.encodedBody, message.attributes)
    }

    /// Writes a received message as a line, with its attributes in any order.
    package mutating func write(_ message: ReceivedMessage) throws(SluiceError) {
        try write(.plain(message.body), message.attributes.map { ($0.key, $0.value) })
    }

    private mutating func write(
        _ body: MessageText,
        _ attributes: [(name: String, value: String)]
    ) throws(SluiceError) {
        let attributes = attributes.map { ($0.name, JSONWriter.string($0.value)) }
        let (before, after) = ("{\"body\":\"", "\",\"attributes\":\(JSONWriter.object(attributes))}\n")
        switch body {
        case .plain(let text): try sink.write(kernel.escaped(text, between: before, and: after))
        case .escaped(let json, _):
            try sink.write(Array(before.utf8))
            try sink.write(json)
            try sink.write(Array(after.utf8))
        }
    }

    /// Does nothing: a rejected row has no line.
    public mutating func reject(_ error: CSVError) {}

    /// Ends the sink that the lines are written to.
    public mutating func finish() throws(SluiceError) { try sink.finish() }
}
