/// Takes bytes in order. It is called once for many rows.
public protocol ByteSink {
    /// Takes all of the bytes, which are valid during the call only.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError)
}

extension ByteSink {
    /// Takes all of a text.
    package mutating func write(_ text: [UInt8]) throws(SluiceError) {
        try text.withUnsafeBufferPointer { (text) throws(SluiceError) in try write(UnsafeRawBufferPointer(text)) }
    }
}
