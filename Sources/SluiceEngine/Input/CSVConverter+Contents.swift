import SluiceCSV
import SluicePlatform

extension CSVConverter {
    /// Returns bytes in memory as an input: decompressed and decoded.
    package func content(of bytes: some ByteChunk) throws(SluiceError) -> OpenedInput.Content {
        let source = ChunkSource(bytes)
        let assumesCSV = dialect.assumesCSV
        return .stream(try OpenedInput.decoded(source, encoding, maxWindow: maxWindow, assumesCSV: assumesCSV))
    }

    /// Returns all bytes of a small input, decompressed: a file by its path, or one of ``remoteInputs``.
    ///
    /// - Throws: also if there are more than `limit`.
    package func contents(of input: String, limit: Int) throws(SluiceError) -> [UInt8] {
        let tooLarge = SluiceError.unusable("it has more than \(limit) bytes")
        switch try open(input).content(of: self) {
        case .mapped(let file):
            guard file.count <= limit else { throw tooLarge }
            guard System.hasMemory(for: file.count) else { throw .outOfMemory }
            return file.bytes.array
        case .stream(var source):
            var (contents, piece) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
            while true {
                let count = try source.read(into: &piece)
                if count == 0 {
                    guard !source.isDamaged else { throw .unusable("it is compressed, and damaged or cut short") }
                    return contents
                }
                let size = contents.count + count
                guard size <= contents.capacity || System.hasMemory(for: 2 * size) else { throw .outOfMemory }
                contents += piece[..<count]
                guard contents.count <= limit else { throw tooLarge }
            }
        }
    }
}
