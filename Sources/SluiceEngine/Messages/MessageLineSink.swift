import SluiceCSV
import SluiceJSON

/// Writes each message as one line of JSON: `{"body":"…","attributes":{"sluice.source":"orders.csv",…}}`.
///
/// The lines go to a sink with errors of any type. A run ends at the first of them with ``SluiceError``; ``failure`` is the error
/// itself.
public struct MessageLineSink<Sink: ByteSink>: MessageSink {
    /// Where the lines go.
    public private(set) var sink: Sink
    /// Why the sink failed, if it did.
    public private(set) var failure: Sink.Failure?
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
        case .plain(let text):
            let line = kernel.escaped(text, between: before, and: after)
            try passing { (sink) throws(Sink.Failure) in try sink.write(line) }
        case .escaped(let json, _):
            try passing { (sink) throws(Sink.Failure) in
                try sink.write(Array(before.utf8))
                try sink.write(json)
                try sink.write(Array(after.utf8))
            }
        }
    }

    private mutating func passing(_ use: (inout Sink) throws(Sink.Failure) -> Void) throws(SluiceError) {
        do throws(Sink.Failure) { try use(&sink) } catch {
            failure = error
            throw (error as? SluiceError) ?? .unusable("the lines could not be written: \(error)")
        }
    }

    /// Does nothing: a rejected row has no line.
    public mutating func reject(_ error: CSVError) {}

    /// Ends the sink that the lines are written to.
    public mutating func finish() throws(SluiceError) {
        try passing { (sink) throws(Sink.Failure) in try sink.finish() }
    }
}
