import SluiceCSV

/// Bytes in order, as many as there are: a descriptor, or something that makes bytes out of another source's.
package protocol ByteSource {
    /// Reads at least one byte into the memory, which is not empty, and returns how many; 0 at the end.
    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int

    /// Known at the end: bytes are missing after those that were read, because the input is damaged or cut short.
    ///
    /// It is no error of `read`, so that a reader can first use what it has, and say in its own terms where that ends.
    var isDamaged: Bool { get }

    /// The file that the bytes are read from, if it is one; tells whether it changes meanwhile.
    var file: OpenedFile? { get }
    /// Known at the end: why nothing of the input can be read, though it could be had.
    var fault: CSVError? { get }

    /// How what it gives is related to what is stored.
    var form: TextForm { get }
}

extension ByteSource {
    package var isDamaged: Bool { false }
    package var file: OpenedFile? { nil }
    package var fault: CSVError? { nil }
    package var form: TextForm { .asStored }

    /// Reads at least one byte into the array, from its start on, as `read` does.
    package mutating func read(into bytes: inout [UInt8]) throws(SluiceError) -> Int {
        try bytes.withUnsafeMutableBufferPointer { (memory) throws(SluiceError) in
            // The array's own memory, used during this call only.
            try read(into: UnsafeMutableRawBufferPointer(memory))
        }
    }
}
