import SluiceCSV

extension OpenedInput {
    /// Finds out how a source is compressed. Returns that and a source of all its bytes.
    ///
    /// Reads on only while the answer is open. For most inputs one byte decides, as it starts none of the three.
    package static func sniff(
        _ source: consuming any ByteSource
    ) throws(SluiceError) -> (compression: Compression?, source: any ByteSource) {
        var first: [UInt8] = []
        while true {
            if case .known(let compression) = Recognition.compression(of: first) {
                return (compression, PrefixedSource(first, then: source))
            }
            var more = [UInt8](repeating: 0, count: Recognition.compressionLimit - first.count)
            let count = try source.read(into: &more)
            if count == 0 { return (nil, PrefixedSource(first, then: source)) }
            first += more[..<count]
        }
    }
}

/// The bytes that were read from a source already, followed by the rest of it.
private struct PrefixedSource: ByteSource {
    private var prefix: ArraySlice<UInt8>
    private var source: any ByteSource

    init(_ prefix: [UInt8], then source: any ByteSource) {
        self.prefix = prefix[...]
        self.source = source
    }

    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        if prefix.isEmpty { return try source.read(into: memory) }
        let count = min(prefix.count, memory.count)
        memory.copyBytes(from: prefix.prefix(count))
        prefix = prefix.dropFirst(count)
        return count
    }

    var isDamaged: Bool { source.isDamaged }
    var file: OpenedFile? { source.file }
}
