public import SluiceCSV

/// Why a conversion ended early.
public enum SluiceError: Error, Sendable, Hashable {
    /// The input is not what the dialect allows. Rows before the fault have been delivered.
    case badData(CSVError)
    /// The input was changed while it was read, so what was read may never have been in it. No last message was sent.
    case inputChanged
    /// A signal asked the run to end. What was accepted until then has been delivered, and no last message was sent.
    case interrupted(signal: Int32)
    /// Reading failed.
    case input(SystemFault)
    /// Writing failed.
    case output(SystemFault)
    /// A service on the network did not do what it was asked for.
    case service(ServiceFault)
    /// There is no such input; the text says what is there instead.
    case noInput(String)
    /// What the input holds cannot be used in that way; the text says why and what to do.
    case unusable(String)
    /// There is no memory for a record and its row, for a message or for a compressor, or there would be too little left for
    /// what is small. No last message was sent: it may succeed where there is more memory.
    case outOfMemory
    /// What was asked for contradicts itself; the text says why and what to do.
    case misuse(String)
    /// The run ended early, for the first reason, and then its output could not deliver all that it had accepted, for the
    /// second.
    indirect case undelivered(cause: SluiceError, loss: SluiceError)
}

extension SluiceError {
    /// Why the run ended early, whatever became of its output.
    public var cause: SluiceError {
        if case .undelivered(let cause, _) = self { cause.cause } else { self }
    }

    /// A file or a directory could not be made: a kind of its own, with an exit status of its own.
    static func cannotCreate(_ path: String, _ code: Int32) -> SluiceError {
        .output(SystemFault("create", path: path, code: code))
    }
}
