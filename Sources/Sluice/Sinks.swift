public import SluiceEngine

/// Why a conversion to a sink ended early: the input or the conversion, or the sink, which has errors of its own.
public enum ConversionError<SinkFailure: Error>: Error {
    /// The input is invalid or can't be read, or the conversion is misused.
    case conversion(SluiceError)
    /// The sink failed. If that was when it was ended after another error, `after` is that error.
    case sink(SinkFailure, after: SluiceError?)

    /// Sorts the error of a run out, in which a sink may have failed.
    init(_ error: SluiceError, _ failure: SinkFailure?) {
        guard let failure else {
            self = .conversion(error)
            return
        }
        let cause = error.cause
        self = .sink(failure, after: cause == .sinkFailed ? nil : cause)
    }
}

extension ConversionError: Sendable where SinkFailure: Sendable {}

extension ConversionError: CustomStringConvertible {
    /// What happened, in the words of the error that it holds.
    public var description: String {
        switch self {
        case .conversion(let error): error.description
        case .sink(let failure, let earlier): earlier.map { "\(failure); before that: \($0)" } ?? "\(failure)"
        }
    }
}

extension ConversionError where SinkFailure == Never {
    /// The error, which can only be of the conversion.
    public var cause: SluiceError {
        switch self {
        case .conversion(let error): error
        }
    }
}

/// Collects rows in an array.
public struct ArraySink: ByteSink {
    /// The type of its errors: it has none.
    public typealias Failure = Never

    /// The rows so far.
    public var bytes: [UInt8] = []

    /// Creates a sink without rows.
    public init() {}

    /// Appends the bytes.
    public mutating func write(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

    /// Does nothing.
    public mutating func finish() {}
}

/// Passes rows to a closure.
struct ClosureSink<Failure: Error>: ByteSink {
    let body: (UnsafeRawBufferPointer) throws(Failure) -> Void

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) { try body(bytes) }
    mutating func finish() throws(Failure) {}
}

/// Passes rows to a sink, and keeps its first error.
struct GuardedSink<Sink: ByteSink>: ByteSink {
    typealias Failure = SluiceError

    var sink: Sink
    var failure: Sink.Failure?

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        do throws(Sink.Failure) { try sink.write(bytes) } catch { try fail(error) }
    }

    mutating func finish() throws(SluiceError) {
        do throws(Sink.Failure) { try sink.finish() } catch { try fail(error) }
    }

    private mutating func fail(_ error: Sink.Failure) throws(SluiceError) {
        failure = failure ?? error
        throw .sinkFailed
    }
}

extension SluiceError {
    /// Stands for the error of a sink until the run has ended.
    static var sinkFailed: SluiceError { .unusable("the sink failed") }
}
