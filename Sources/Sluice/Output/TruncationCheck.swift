import SluiceCSV

/// What is read, as far as it can change meanwhile.
package enum ChangeableInput {
    /// What nobody else can write to, or nothing tells whether somebody does.
    case none
    case mapped(MappedFile)
    case opened(OpenedFile)

    init(_ file: OpenedFile?) { self = file.map { .opened($0) } ?? .none }

    /// Throws if what was read may be bytes that were never in the input: of a mapped file that became shorter, zeros.
    func checkWhole() throws(SluiceError) {
        if case .mapped(let file) = self, file.isTruncated { throw .inputChanged }
    }

    /// Throws if the input is not what it was when it was opened: it may have been read in part before a change, and in part
    /// after it.
    func checkUnchanged() throws(SluiceError) {
        switch self {
        case .none: return
        case .mapped(let file): if file.isChanged { throw .inputChanged }
        case .opened(let file): if file.isChanged { throw .inputChanged }
        }
    }
}

/// Passes bytes, or messages, on as long as the input that they were made from is whole, and the last message only if it is
/// unchanged: a manifest, or the word that it is invalid, would be about bytes that it does not hold.
///
/// Rows are made before they are written, so asking before each write keeps rows of zeros from getting out.
struct TruncationCheck<Sink> {
    let input: ChangeableInput
    var sink: Sink

    /// To be asked when all was read.
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
        if message.records == nil { try input.checkUnchanged() } else { try input.checkWhole() }
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
