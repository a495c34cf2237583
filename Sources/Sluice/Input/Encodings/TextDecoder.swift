import SluiceCSV

/// Makes UTF-8 of an input's bytes, which come in pieces of any size, once their first ones speak for CSV in the encoding.
///
/// Until then nothing is made: what the first bytes are is said before anything else is looked at.
struct TextDecoder {
    private var transcoder: any Transcoder
    private let recognition: Recognition
    /// The first bytes, until it is known what they are.
    private var first: [UInt8]? = []
    /// Why the input can't be read; nothing is made then.
    private(set) var fault: CSVError?

    /// Nil: UTF-8 needs none.
    init?(_ encoding: Encoding, assumesCSV: Bool) {
        guard let transcoder = encoding.transcoder else { return nil }
        self.transcoder = transcoder
        recognition = Recognition(as: encoding.recognized, assumesCSV: assumesCSV)
    }

    mutating func decode(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        guard first != nil else { return transcoder.transcode(bytes, to: &output) }
        first?.append(contentsOf: bytes)
        recognize(isAll: false, &output)
    }

    /// Nothing follows. `isDamaged`: nothing that can be had, so that what is half there is what is missing.
    mutating func finish(_ output: inout [UInt8], isDamaged: Bool) {
        recognize(isAll: !isDamaged, &output)
        if fault == nil, !isDamaged { transcoder.finish(&output) }
    }

    private mutating func recognize(isAll: Bool, _ output: inout [UInt8]) {
        guard fault == nil, let first else { return }
        switch first.withUnsafeBufferPointer({ recognition.verdict($0, isAll: isAll) }) {
        case .open: return
        case .fault(let code, let detail): fault = CSVError(code, offset: 0, line: 1, record: 1, detail: detail)
        case .csv: first.withUnsafeBytes { transcoder.transcode($0, to: &output) }
        }
        self.first = nil
    }
}

/// Appends UTF-8 for bytes that come in pieces of any size, and ``Undecodable`` for what has no character.
protocol Transcoder {
    mutating func transcode(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8])

    /// Nothing follows.
    mutating func finish(_ output: inout [UInt8])
}
