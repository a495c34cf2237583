public import SluiceCSV
import SluicePlatform

/// Why a conversion ended early.
public enum SluiceError: Error, Sendable, Hashable {
    /// The input is invalid in this dialect. The rows before the invalid record were delivered.
    case badData(CSVError)
    /// The input changed while it was read, so the rows may be of bytes that were never in it together. No last message was
    /// sent.
    case inputChanged
    /// A stream has another size than was stated, so it broke off or is not the one that was meant. `received` counts the bytes
    /// until this was detected. No last message was sent.
    case wrongSize(expected: UInt64, received: UInt64)
    /// A signal asked the run to end. What was accepted until then was delivered. No last message was sent.
    case interrupted(signal: Int32)
    /// Opening or reading failed: there is no such file, for example.
    case input(SystemFault)
    /// Writing failed.
    case output(SystemFault)
    /// A request to a network service failed.
    case service(ServiceFault)
    /// The path is that of a directory; the text states what to do.
    case noInput(String)
    /// The input's content cannot be used in this way; the text states why and what to do.
    case unusable(String)
    /// The input asks for more than a limit allows; the text states for what.
    case overLimit(Limit, String)
    /// There is not enough memory for a record and its row, for a message or for a compressor, or too little would be left
    /// for small allocations. No last message was sent: with more memory the run may succeed.
    case outOfMemory
    /// The request contradicts itself; the text states why and what to do.
    case misuse(String)
    /// The run ended early because of `cause`, and then its output failed to deliver all that it had accepted because of
    /// `loss`.
    indirect case undelivered(cause: SluiceError, loss: SluiceError)
}

extension SluiceError {
    /// A limit that the caller chose.
    public enum Limit: Sendable {
        /// The memory of a zstd frame: ``CSVConverter/maxWindow``.
        case zstdWindow
        /// The body of a message that is verified, as received and unpacked.
        case messageBody
    }

    /// Why the run ended early, whether or not its output was delivered.
    public var cause: SluiceError {
        if case .undelivered(let cause, _) = self { cause.cause } else { self }
    }

    /// Returns the error for a file or directory that could not be created, which has an exit status of its own.
    package static func cannotCreate(_ path: String, _ code: Int32) -> SluiceError {
        .output(SystemFault("create", path: path, code: code))
    }
}

extension SluiceError: CustomStringConvertible {
    /// What happened, and where, in one line of text.
    public var description: String {
        switch self {
        case .badData(let error): error.description
        case .inputChanged: "the input changed while it was read"
        case .wrongSize(let expected, let received) where received < expected:
            "the stream ended after \(received) of \(expected) bytes"
        case .wrongSize(let expected, _): "the stream has more than the \(expected) bytes that were stated"
        case .interrupted(let signal): "ended by \(System.name(ofSignal: signal))"
        case .input(let fault), .output(let fault): fault.description
        case .service(let fault): fault.description
        case .noInput(let reason), .unusable(let reason), .overLimit(_, let reason), .misuse(let reason): reason
        case .outOfMemory: "there is not enough memory"
        case .undelivered(let cause, let loss): "\(cause); what was accepted before could not be delivered: \(loss)"
        }
    }
}
