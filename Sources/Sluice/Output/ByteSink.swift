/// Takes bytes in order. It is called once for many rows.
///
/// Sluice calls ``finish()`` once at the end of the output, however the conversion ends. So a sink may keep bytes for a while,
/// and must write them then.
public protocol ByteSink {
    /// Takes all of the bytes, which are valid during the call only.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError)

    /// Writes what was taken and is not written yet. Another output may follow.
    ///
    /// - Throws: why it could not be written.
    mutating func finish() throws(SluiceError)
}

extension ByteSink {
    /// Takes all of a text.
    package mutating func write(_ text: [UInt8]) throws(SluiceError) {
        try text.withUnsafeBufferPointer { (text) throws(SluiceError) in try write(UnsafeRawBufferPointer(text)) }
    }
}
