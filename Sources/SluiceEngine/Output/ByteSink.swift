/// Takes bytes in order, those of many rows per call.
///
/// Sluice calls ``finish()`` once at the end of the output, however the conversion ends. So a sink may buffer bytes, and
/// must write them then.
public protocol ByteSink {
    /// Takes all of the bytes, which are valid only during the call.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError)

    /// Writes what is buffered. Another output may follow.
    ///
    /// - Throws: Why it could not be written.
    mutating func finish() throws(SluiceError)
}

extension ByteSink {
    /// Takes all bytes of a text.
    package mutating func write(_ text: [UInt8]) throws(SluiceError) {
        try text.withUnsafeBufferPointer { (text) throws(SluiceError) in try write(UnsafeRawBufferPointer(text)) }
    }
}
