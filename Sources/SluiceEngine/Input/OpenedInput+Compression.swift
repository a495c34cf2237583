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
