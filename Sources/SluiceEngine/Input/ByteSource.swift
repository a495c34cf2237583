import SluiceCSV

/// Bytes in order: those of a descriptor, or what is made from another source's.
package protocol ByteSource {
    /// Reads at least one byte into `memory`, which must not be empty. Returns how many were read, 0 at the end.
    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int

    /// Whether bytes are missing after those that were read, because the input is damaged or cut short. Known at the end.
    ///
    /// `read` does not throw it, so that a reader can first use what it has, and report in its own terms where that ends.
    var isDamaged: Bool { get }

    /// The file that the bytes are read from, or nil if there is none. It can report whether it changed meanwhile.
    var file: OpenedFile? { get }
    /// Why no byte of the input can be used, although it could be read. Known at the end.
    var fault: CSVError? { get }

    /// How the bytes are related to the stored ones.
    var form: TextForm { get }
}

extension ByteSource {
    package var isDamaged: Bool { false }
    package var file: OpenedFile? { nil }
    package var fault: CSVError? { nil }
    package var form: TextForm { .asStored }

    /// Reads at least one byte into the start of the array, as `read` does.
    package mutating func read(into bytes: inout [UInt8]) throws(SluiceError) -> Int {
        try bytes.withUnsafeMutableBufferPointer { (memory) throws(SluiceError) in
            // Safe: the array's own memory, used during this call only.
            try read(into: UnsafeMutableRawBufferPointer(memory))
        }
    }
}
