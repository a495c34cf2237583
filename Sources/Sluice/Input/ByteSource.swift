/// Bytes in order, as many as there are: a descriptor, or something that makes bytes out of another source's.
package protocol ByteSource {
    /// Reads at least one byte into the memory, which is not empty, and returns how many; 0 at the end.
    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int
}
