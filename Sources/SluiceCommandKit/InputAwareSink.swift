import Sluice
import SluiceCSV

/// A sink that is told which input its messages are from.
package protocol InputAwareSink: MessageSink {
    /// As the user named it.
    var input: String { get set }
}

/// Passes messages on, and tells the user of rows that were left out.
package struct ReportedMessages<Sink: MessageSink>: InputAwareSink {
    private var sink: Sink
    private let reporter: Reporter
    package var input = ""

    package init(sink: Sink, reporter: Reporter) {
        self.sink = sink
        self.reporter = reporter
    }

    package mutating func send(_ message: Message) throws(SluiceError) { try sink.send(message) }

    package mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) { try sink.reach(checkpoint) }

    package mutating func reject(_ error: CSVError) { reporter.reportRejected(Failure(.badData(error), input: input)) }

    package mutating func finish() throws(SluiceError) { try sink.finish() }
}

/// Takes everything and keeps nothing.
package struct NoMessages: InputAwareSink {
    package var input = ""

    package init() {}
    package mutating func send(_ message: Message) {}
    package mutating func reject(_ error: CSVError) {}
    package mutating func finish() {}
}

extension Sluice {
    /// Packs one input after the other, and passes on the messages of a selection, of which there must be some.
    package func pack<Sink: InputAwareSink>(
        _ inputs: [String],
        sources: [String],
        only selection: MessageSelection?,
        from checkpoint: Checkpoint? = nil,
        to sink: inout Sink
    ) throws(Failure) {
        guard let selection else { return try pack(inputs, sources: sources, from: checkpoint, to: &sink) }
        var selected = SelectedMessages(selection, of: sink)
        defer { sink = selected.sink }
        try pack(inputs, sources: sources, to: &selected)
        if selected.count == 0 {
            let reason = SluiceError.misuse("it has none of the messages that --only and --records ask for")
            throw Failure(reason, input: inputs.joined(separator: ", "))
        }
    }

    /// Packs one input after the other, under the names that are given, one for each if any; the only one may go on from a
    /// checkpoint.
    package func pack(
        _ inputs: [String],
        sources: [String],
        from checkpoint: Checkpoint? = nil,
        to sink: inout some InputAwareSink
    ) throws(Failure) {
        for (index, input) in inputs.enumerated() {
            sink.input = input
            let source = sources.isEmpty ? nil : sources[index]
            try Failure.naming(input) { () throws(SluiceError) in
                _ = try messages(file: input, source: source, from: checkpoint, to: &sink)
            }
        }
    }
}
