import Sluice
import SluiceCSV
import SluiceEngine

/// A sink that passes messages on, and reports rows that were left out.
package struct ReportedMessages<Sink: MessageSink>: MessageSink {
    private var sink: Sink
    private let reporter: Reporter

    package init(sink: Sink, reporter: Reporter) {
        self.sink = sink
        self.reporter = reporter
    }

    package mutating func send(_ message: Message) throws(SluiceError) { try sink.send(message) }

    package mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) { try sink.reach(checkpoint) }

    package mutating func reject(_ error: CSVError) { reporter.reportRejected(error) }

    package mutating func finish() throws(SluiceError) { try sink.finish() }
}

/// A sink that discards all messages.
package struct NullMessageOutput: MessageSink {
    private let check: () throws(SluiceError) -> Void

    /// - Parameter check: is called for each message, and throws to end the run.
    package init(check: @escaping () throws(SluiceError) -> Void = {}) { self.check = check }

    package mutating func send(_ message: Message) throws(SluiceError) { try check() }
    package mutating func reject(_ error: CSVError) {}
    package mutating func finish() {}
}

extension CSVConverter {
    /// The same conversion, which says nothing of records that are put aside.
    package var unlogged: CSVConverter {
        var converter = self
        converter.rejectLog = nil
        return converter
    }

    /// Packs inputs one after another, and passes on the messages of a selection.
    ///
    /// - Throws: also if the inputs have no message of the selection.
    package func pack<Sink: MessageSink>(
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
            let reason = SluiceError.misuse("it has none of the messages that --only and --records select")
            throw Failure(reason, input: inputs.joined(separator: ", "))
        }
    }

    /// Packs inputs one after another.
    ///
    /// - Parameters:
    ///   - sources: one source for each input, or none.
    ///   - checkpoint: where to continue; allowed for a single input only.
    package func pack(
        _ inputs: [String],
        sources: [String],
        from checkpoint: Checkpoint? = nil,
        to sink: inout some MessageSink
    ) throws(Failure) {
        for (index, input) in inputs.enumerated() {
            let source = sources.isEmpty ? nil : sources[index]
            try Failure.naming(input) { () throws(SluiceError) in
                _ = try messages(file: input, source: source, from: checkpoint, to: &sink)
            }
        }
    }
}
