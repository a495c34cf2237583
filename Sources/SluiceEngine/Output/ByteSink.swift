/// Takes bytes in order, those of many rows per call.
///
/// Sluice calls ``finish()`` once at the end of the output, however the conversion ends. So a sink may buffer bytes, and
/// must write them then. Its errors are of its own type: `Never` if it has none.
public protocol ByteSink<Failure> {
    /// The type of the sink's errors.
    associatedtype Failure: Error

    /// Takes all of the bytes, which are valid only during the call. Nothing is written after an error.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(Failure)

    /// Writes what is buffered. Another output may follow.
    ///
    /// - Throws: Why it could not be written.
    mutating func finish() throws(Failure)
}

extension ByteSink {
    /// Takes all bytes of a text.
    package mutating func write(_ text: [UInt8]) throws(Failure) {
        try text.withUnsafeBufferPointer { (text) throws(Failure) in try write(UnsafeRawBufferPointer(text)) }
    }
}
