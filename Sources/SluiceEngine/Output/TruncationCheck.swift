import SluiceCSV
import SluicePlatform

/// Passes bytes or messages on as long as their input is not truncated, and the last message only if the input is
/// unchanged: a manifest or an aborted message would otherwise describe bytes that the input does not hold.
///
/// After truncation a mapping reads as zeros past the new end. Rows are made before they are written, so checking before
/// each write keeps such rows out of the output.
struct TruncationCheck<Sink> {
    /// The input, if it is mapped; else the file that a stream reads, if it reads one.
    private let mapped: MappedFile?
    private let opened: OpenedFile?
    var sink: Sink

    init(_ sink: Sink, reading content: OpenedInput.Content) {
        self.sink = sink
        switch content {
        case .mapped(let file): (mapped, opened) = (file, nil)
        case .stream(let source): (mapped, opened) = (nil, source.file)
        }
    }

    /// Ends a run: returns the sink to its owner, and throws if the input has changed since it was opened, or else `error`.
    func giveBack(_ sink: inout Sink, after error: SluiceError?) throws(SluiceError) {
        sink = self.sink
        try checkUnchanged()
        if let error { throw error }
    }

    /// Throws if a mapped file became shorter: what was read may be zeros that were never in the input.
    private func checkWhole() throws(SluiceError) {
        if let mapped, mapped.isTruncated { throw .inputChanged }
    }

    /// Throws if the input has changed: a part may have been read before the change, and a part after it.
    private func checkUnchanged() throws(SluiceError) {
        if mapped?.isChanged ?? opened?.isChanged ?? false { throw .inputChanged }
    }
}

extension TruncationCheck: ByteSink where Sink: ByteSink {
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        try checkWhole()
        try sink.write(bytes)
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }
}

extension TruncationCheck: MessageSink where Sink: MessageSink {
    mutating func send(_ message: Message) throws(SluiceError) {
        if message.isLast { try checkUnchanged() } else { try checkWhole() }
        try sink.send(message)
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) {
        try checkWhole()
        try sink.reject(error)
    }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        try checkWhole()
        try sink.reach(checkpoint)
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }
}
