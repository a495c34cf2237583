import SluiceCSV

/// How an input is compressed, according to its first bytes; its name does not matter.
package enum Compression {
    case gzip
    case zstd

    enum Answer: Equatable {
        case known(Compression?)
        /// More bytes are needed.
        case open
    }

    /// The most bytes that are needed to decide.
    package static let magicSize = 4

    /// Whether an input that starts with these bytes is compressed. Pass ``magicSize`` of them, or all.
    package static func isRecognized(in first: [UInt8]) -> Bool {
        if case .known(.some) = of(first) { true } else { false }
    }

    /// Returns how an input that starts with these bytes is compressed, or that more are needed.
    static func of(_ first: [UInt8]) -> Answer {
        var answer = Answer.known(nil)
        for (compression, magic) in magics {
            guard zip(first, magic).allSatisfy({ byte, allowed in allowed.contains(byte) }) else { continue }
            if first.count >= magic.count { return .known(compression) }
            answer = .open
        }
        return answer
    }

    private static let magics: [(Compression, [ClosedRange<UInt8>])] = [
        (.gzip, Recognition.gzipMagic), (.zstd, Recognition.zstdMagic), (.zstd, Recognition.skippableZstdMagic),
    ]

    /// Finds out how a source is compressed. Returns that and a source of all its bytes.
    ///
    /// Reads on only while the answer is open. For most inputs one byte decides, as it starts none of the three.
    package static func sniff(
        _ source: consuming any ByteSource
    ) throws(SluiceError) -> (compression: Compression?, source: any ByteSource) {
        var first: [UInt8] = []
        while true {
            if case .known(let compression) = of(first) { return (compression, PrefixedSource(first, then: source)) }
            var more = [UInt8](repeating: 0, count: magicSize - first.count)
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
