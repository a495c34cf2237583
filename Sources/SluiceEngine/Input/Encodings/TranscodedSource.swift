import SluiceCSV

/// Another source's text as UTF-8.
struct TranscodedSource: ByteSource {
    private var source: any ByteSource
    private var decoder: TextDecoder
    let form: TextForm
    private var input = [UInt8](repeating: 0, count: 1 << 15)
    private var output: [UInt8] = []
    /// The number of output bytes that were returned already.
    private var given = 0
    private var isOver = false

    init(_ source: any ByteSource, _ decoder: TextDecoder, _ form: TextForm) {
        self.source = source
        self.decoder = decoder
        self.form = form
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

    var fault: CSVError? { decoder.fault }

    private mutating func refill() throws(SluiceError) {
        let count = try source.read(into: &input)
        output.removeAll(keepingCapacity: true)
        given = 0
        if count > 0 {
            input.withUnsafeBytes { decoder.decode(UnsafeRawBufferPointer(rebasing: $0[..<count]), to: &output) }
        } else {
            decoder.finish(&output, isDamaged: source.isDamaged)
        }
        isOver = count == 0 || decoder.fault != nil
    }
}
