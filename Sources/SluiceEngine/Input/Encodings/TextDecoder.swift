import SluiceCSV

/// Converts an input to UTF-8, piece by piece, once its first bytes show that it can be CSV in the encoding.
///
/// Until then it outputs nothing, so that an error about the first bytes comes before any other.
struct TextDecoder {
    private var transcoder: any Transcoder
    private let encoding: Recognition.Encoding
    private let assumesCSV: Bool
    /// The first bytes, until they are recognized; then nil.
    private var first: [UInt8]? = []
    /// Why the input can't be read. No text is output then.
    private(set) var fault: CSVError?
    /// The byte order opposite to the named one, until a line end is found in the named order; then nil. Line ends in the
    /// opposite order only mean that the input is in that order.
    private var otherOrder: CSVError.Finding?
    private var hasOtherLineEnd = false

    /// Returns nil for UTF-8, which needs no decoder.
    init?(_ encoding: Encoding, assumesCSV: Bool) {
        guard let transcoder = encoding.transcoder else { return nil }
        self.transcoder = transcoder
        self.encoding = encoding.recognized
        self.assumesCSV = assumesCSV
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

    /// Ends the input. If `isDamaged`, more bytes exist but cannot be read, so an incomplete character is no error.
    mutating func finish(_ output: inout [UInt8], isDamaged: Bool) {
        recognize(isAll: !isDamaged, &output)
        guard fault == nil, !isDamaged else { return }
        // Without a line end, no record was complete, so no row was made of this text.
        if let otherOrder, hasOtherLineEnd { return fault = Self.fault(.utf16Input, .found(otherOrder)) }
        transcoder.finish(&output)
    }

    private mutating func transcode(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        let start = output.count
        transcoder.transcode(bytes, to: &output)
        guard otherOrder != nil else { return }
        let text = output[start...]
        if text.contains(0x0A) || text.contains(0x0D) { return otherOrder = nil }
        // U+0A00 and U+0D00, whose bytes the transcoder always outputs together.
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
        switch Recognition(first, isAll: isAll, as: encoding, assumesCSV: assumesCSV).verdict {
        case .open: return
        case .fault(let code, let detail): fault = Self.fault(code, detail)
        case .csv: first.withUnsafeBytes { transcode($0, to: &output) }
        }
        self.first = nil
    }
}

/// Appends UTF-8 for bytes that arrive in pieces of any size, and ``Undecodable`` for those without a character.
protocol Transcoder {
    mutating func transcode(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8])

    /// Ends the input.
    mutating func finish(_ output: inout [UInt8])
}
