/// Makes UTF-8 of another source's text.
struct TranscodedSource: ByteSource {
    private var source: any ByteSource
    private var transcoder: any Transcoder
    private var input = [UInt8](repeating: 0, count: 1 << 15)
    private var output: [UInt8] = []
    /// What of the output is given already.
    private var given = 0
    private var isOver = false

    init(_ source: any ByteSource, _ transcoder: any Transcoder) {
        self.source = source
        self.transcoder = transcoder
    }

    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        while given == output.count, !isOver { try refill() }
        let piece = output[given...].prefix(memory.count)
        memory.copyBytes(from: piece)
        given += piece.count
        return piece.count
    }

    var isDamaged: Bool { source.isDamaged }
    var file: OpenedFile? { source.file }

    private mutating func refill() throws(SluiceError) {
        let count = try source.read(into: &input)
        output.removeAll(keepingCapacity: true)
        given = 0
        try transcoder.transcode(input[..<count], to: &output)
        if count == 0 {
            isOver = true
            // If the source is damaged, what is half there is what is missing, not what is wrong.
            if !source.isDamaged { try transcoder.finish(&output) }
        }
    }
}

/// Appends UTF-8 for bytes that come in pieces of any size.
protocol Transcoder {
    mutating func transcode(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) throws(SluiceError)

    /// Nothing follows.
    mutating func finish(_ output: inout [UInt8]) throws(SluiceError)
}

extension Encoding {
    /// Nil: there is nothing to do.
    var transcoder: (any Transcoder)? {
        switch self {
        case .utf8: nil
        case .utf16: UTF16ToUTF8(order: nil)
        case .utf16LittleEndian: UTF16ToUTF8(order: .little)
        case .utf16BigEndian: UTF16ToUTF8(order: .big)
        case .latin1: Latin1ToUTF8()
        }
    }
}

struct Latin1ToUTF8: Transcoder {
    func transcode(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            if byte < 0x80 {
                output.append(byte)
            } else {
                output.append(0xC0 | byte >> 6)
                output.append(0x80 | byte & 0x3F)
            }
        }
    }

    func finish(_ output: inout [UInt8]) {}
}
