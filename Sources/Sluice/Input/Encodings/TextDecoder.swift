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
    /// The order in which there are line ends, if there are none in the one that was named; nil as soon as there is one.
    private var otherOrder: CSVError.Finding?
    private var hasOtherLineEnd = false

    /// Nil: UTF-8 needs none.
    init?(_ encoding: Encoding, assumesCSV: Bool) {
        guard let transcoder = encoding.transcoder else { return nil }
        self.transcoder = transcoder
        recognition = Recognition(as: encoding.recognized, assumesCSV: assumesCSV)
        switch encoding.recognized {
        case .utf16LittleEndian where !assumesCSV: otherOrder = .utf16BigEndian
        case .utf16BigEndian where !assumesCSV: otherOrder = .utf16LittleEndian
        default: break
        }
    }

    mutating func decode(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        guard first != nil else { return transcode(bytes, to: &output) }
        first?.append(contentsOf: bytes)
        recognize(isAll: false, &output)
    }

    /// Nothing follows. `isDamaged`: nothing that can be had, so that what is half there is what is missing.
    mutating func finish(_ output: inout [UInt8], isDamaged: Bool) {
        recognize(isAll: !isDamaged, &output)
        guard fault == nil, !isDamaged else { return }
        // Of all that, nothing was more than a record that has not ended.
        if let otherOrder, hasOtherLineEnd { return fault = Self.fault(.utf16Input, .found(otherOrder)) }
        transcoder.finish(&output)
    }

    private mutating func transcode(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        let start = output.count
        transcoder.transcode(bytes, to: &output)
        guard otherOrder != nil else { return }
        let text = output[start...]
        if text.contains(0x0A) || text.contains(0x0D) { return otherOrder = nil }
        // U+0A00 and U+0D00, which a transcoder gives as a whole.
        hasOtherLineEnd =
            hasOtherLineEnd
            || text.indices.dropLast(2).contains {
                text[$0] == 0xE0 && [0xA8, 0xB4].contains(text[$0 + 1]) && text[$0 + 2] == 0x80
            }
    }

    private static func fault(_ code: CSVError.Code, _ detail: CSVError.Detail) -> CSVError {
        CSVError(code, offset: 0, line: 1, record: 1, detail: detail)
    }

    private mutating func recognize(isAll: Bool, _ output: inout [UInt8]) {
        guard fault == nil, let first else { return }
        switch first.withUnsafeBufferPointer({ recognition.verdict($0, isAll: isAll) }) {
        case .open: return
        case .fault(let code, let detail): fault = Self.fault(code, detail)
        case .csv: first.withUnsafeBytes { transcode($0, to: &output) }
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
