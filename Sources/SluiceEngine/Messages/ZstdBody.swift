/// The base64 of one zstd frame, filled in one pass. It never exceeds the limit, and nothing is compressed twice except a
/// row that fits no message but must become one.
///
/// Compressed bytes exceed the original ones by a known bound at most. So rows are added as long as they would fit even if
/// they did not shrink: while they are within the allowance. Then the frame is flushed, the bytes that it took are
/// subtracted from the budget, and the rest of the budget gives the next allowance, until that is less than a row. With a
/// budget of 1,000 bytes and rows of 100 bytes that shrink to 10:
///
///     left 1,000    allowance 916    add 9 rows    took 90
///     left   910    allowance 826    add 8 rows    took 80
///     left   830    allowance 747    add 7 rows    took 70
///     …
///     left   180    allowance  99    less than a row: the frame ends, with 82 rows
struct ZstdBody: MessageBody {
    private let level: Int
    /// The most bytes of a compressor's frame whose base64 fits.
    private let mostBytes: Int
    private let isArray: Bool
    /// Copies of this body share it, but only one of them is ever added to.
    private var frame: ZstdFrame?
    private var isEmpty = true
    /// The most bytes that the compressor's frame may have.
    private var budget = 0
    /// Bytes that can be added before the next flush.
    private var allowance = 0

    init(_ format: MessageFormat) {
        level = format.compression ?? ZstdCompressor.usualLevel
        mostBytes = format.bodyLimit / 4 * 3 - ZstdFrame.headerGrowth
        isArray = format.text == .json
    }

    mutating func add(_ rows: RowBatch) throws(SluiceError) -> Int {
        let frame = try openFrame()
        if isEmpty {
            budget = mostBytes
            allowance = Self.allowance(budget)
        }
        let count = rows.prefix { $0 <= allowance }
        if count > 0 {
            try feed(rows, count, to: frame)
            return count
        }
        guard !isEmpty else { return try addAlone(rows, to: frame) }
        try frame.flush()
        let next = Self.allowance(budget - frame.bytes.count)
        // Nothing was added since the last flush, or the flush gained too little.
        if next <= allowance || rows.size(of: 1) > next { return 0 }
        allowance = next
        return try add(rows)
    }

    /// Adds a first row that fits only if it shrinks. Returns 0 if it does not fit.
    private mutating func addAlone(_ rows: RowBatch, to frame: ZstdFrame) throws(SluiceError) -> Int {
        try feed(rows, 1, to: frame)
        try frame.flush()
        allowance = Self.allowance(budget - frame.bytes.count)
        if allowance >= 0 { return 1 }
        frame.clear()
        isEmpty = true
        return 0
    }

    mutating func addOversize(_ rows: RowBatch) throws(SluiceError) { try feed(rows, 1, to: try openFrame()) }

    mutating func finish() throws(SluiceError) -> [UInt8] {
        let frame = try openFrame()
        try add(isArray ? "]" : "\n", to: frame)
        isEmpty = true
        return Base64.encoded(try frame.finish())
    }

    /// Adds rows without the last separator, which is added once another row follows.
    private mutating func feed(_ rows: RowBatch, _ count: Int, to frame: ZstdFrame) throws(SluiceError) {
        if isArray { try add(isEmpty ? "[" : ",", to: frame) } else if !isEmpty { try add("\n", to: frame) }
        try frame.add(UnsafeRawBufferPointer(rebasing: rows.text(of: count).dropLast()))
        allowance -= rows.size(of: count)
        isEmpty = false
    }

    private func add(_ text: StaticString, to frame: ZstdFrame) throws(SluiceError) {
        try frame.add(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Returns how many bytes are sure to fit into `rest` bytes of the budget. zstd's own bound is n + n/256 + 64
    /// (`ZSTD_compressBound`); 16 more are for the brackets, a separator, the last block's header and the checksum:
    ///
    ///     rest 1,000    (1,000 - 80) × 256 / 257 = 916    916 + 916/256 + 80 ≤ 1,000
    private static func allowance(_ rest: Int) -> Int { (rest - 80) * 256 / 257 }

    private mutating func openFrame() throws(SluiceError) -> ZstdFrame {
        if let frame { return frame }
        let frame = try ZstdFrame(level: level)
        self.frame = frame
        return frame
    }
}
