/// Base64 of one zstd frame, filled in one pass: never over the limit, and nothing is compressed twice but a row that
/// turns out to fit no message and is to be one nevertheless.
///
/// Bytes can't grow past a known bound when they are compressed. So rows are added as long as they would fit even if they
/// did not shrink at all; then what they really took is taken off the budget, and so on until not even one row is sure
/// to fit. With a budget of 1,000 bytes and rows that shrink to a tenth:
///
///     add 1,000 bytes → took 100, left 900 → add 900 → left 810 → … → left less than a row: the frame ends
struct ZstdBody: MessageBody {
    private let level: Int
    /// The most that a compressor's frame may have, so that its base64 fits.
    private let mostBytes: Int
    private let isArray: Bool
    /// Shared by copies of this body, of which only one is ever added to.
    private var frame: ZstdFrame?
    private var isEmpty = true
    /// What the compressor's frame may have.
    private var budget = 0
    /// Bytes that can be added before the next flush.
    private var allowance = 0

    init(_ format: MessageFormat) {
        level = format.compression ?? 3
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
        // Nothing was added since the last flush, or what was gained is not enough.
        if next <= allowance || rows.size(of: 1) > next { return 0 }
        allowance = next
        return try add(rows)
    }

    /// Tries a first row that fits only if it shrinks.
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

    /// Adds rows without the separator after the last: it is added when it is known that another row follows.
    private mutating func feed(_ rows: RowBatch, _ count: Int, to frame: ZstdFrame) throws(SluiceError) {
        if isArray { try add(isEmpty ? "[" : ",", to: frame) } else if !isEmpty { try add("\n", to: frame) }
        try frame.add(UnsafeRawBufferPointer(rebasing: rows.text(of: count).dropLast()))
        allowance -= rows.size(of: count)
        isEmpty = false
    }

    private func add(_ text: StaticString, to frame: ZstdFrame) throws(SluiceError) {
        try frame.add(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// How many bytes are sure to fit into a rest of the budget: zstd's own bound is n + n/256 + 64 (`ZSTD_compressBound`),
    /// and 16 more are for the brackets, a separator, the last block's header and the checksum.
    private static func allowance(_ rest: Int) -> Int { (rest - 80) * 256 / 257 }

    private mutating func openFrame() throws(SluiceError) -> ZstdFrame {
        if let frame { return frame }
        guard let frame = ZstdFrame(level: level) else { throw .outOfMemory }
        self.frame = frame
        return frame
    }
}
