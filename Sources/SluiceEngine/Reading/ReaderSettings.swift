import SluiceCSV

/// How records are read.
package struct ReaderSettings: Sendable {
    package var dialect: Dialect
    package var encoding: Encoding
    package var invalidRecords: InvalidRecords
    package var kernel: Kernel

    package init(
        dialect: Dialect,
        encoding: Encoding = .utf8,
        invalidRecords: InvalidRecords = .fail,
        kernel: Kernel = .best
    ) {
        (self.dialect, self.encoding) = (dialect, encoding)
        (self.invalidRecords, self.kernel) = (invalidRecords, kernel)
    }

    func check() throws(SluiceError) {
        if let fault = dialect.fault { throw .misuse(fault) }
    }

    /// Returns a source of UTF-8, decompressed.
    func opened(_ source: any ByteSource) throws(SluiceError) -> any ByteSource {
        try OpenedInput.decoded(source, encoding, assumesCSV: dialect.assumesCSV)
    }
}

/// The bytes of a chunk.
struct ChunkSource<Chunk: ByteChunk>: ByteSource {
    private let chunk: Chunk
    private var taken = 0

    init(_ chunk: Chunk) { self.chunk = chunk }

    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        let count = chunk.withUnsafeBytes { bytes in
            let part = bytes[taken...].prefix(memory.count)
            memory.copyBytes(from: part)
            return part.count
        }
        taken += count
        return count
    }
}
