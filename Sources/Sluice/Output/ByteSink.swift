/// Takes bytes in order. It is called once for many rows.
public protocol ByteSink {
    /// Takes all of the bytes, which are valid during the call only.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError)
}
