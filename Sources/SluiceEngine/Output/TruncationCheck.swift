import SluiceCSV
import SluicePlatform

/// Passes bytes or messages on as long as their input is not truncated, and the last message only if the input is
/// unchanged: a manifest or an aborted message would otherwise describe bytes that the input does not hold.
///
/// After truncation a mapping reads as zeros past the new end. Rows are made before they are written, so checking before
/// each write keeps such rows out of the output.
struct TruncationCheck<Sink> {
    let input: ChangeableInput
    var sink: Sink

    /// Call it when all of the input was read.
    func checkUnchanged() throws(SluiceError) { try input.checkUnchanged() }
}

extension TruncationCheck: ByteSink where Sink: ByteSink {
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        try input.checkWhole()
        try sink.write(bytes)
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }
}

extension TruncationCheck: MessageSink where Sink: MessageSink {
    mutating func send(_ message: Message) throws(SluiceError) {
        if message.isLast { try input.checkUnchanged() } else { try input.checkWhole() }
        try sink.send(message)
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) {
        try input.checkWhole()
        try sink.reject(error)
    }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        try input.checkWhole()
        try sink.reach(checkpoint)
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }
}
