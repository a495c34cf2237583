import SluiceCSV

/// Passes bytes, or messages, on as long as the file that they were made from is whole.
///
/// What is read from a mapped file behind a new, earlier end is zeros. Rows are made before they are written, so asking
/// here, before each write, keeps rows of such zeros from getting out.
struct IntactFileSink<Sink> {
    let file: MappedFile
    var sink: Sink

    func check() throws(SluiceError) {
        if file.isTorn { throw .input(SystemFault("read", path: "", code: 0)) }
    }
}

extension IntactFileSink: ByteSink where Sink: ByteSink {
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        try check()
        try sink.write(bytes)
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }
}

extension IntactFileSink: MessageSink where Sink: MessageSink {
    mutating func send(_ message: Message) throws(SluiceError) {
        try check()
        try sink.send(message)
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) {
        try check()
        try sink.reject(error)
    }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        try check()
        try sink.reach(checkpoint)
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }
}
