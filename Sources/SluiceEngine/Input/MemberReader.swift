import SluiceCSV

/// Decompresses members (gzip) or frames (zstd) one after another, each checked, into one piece of memory at a time.
///
/// Every piece but the last is full, so an input gives the same pieces however it arrives. A member's checksum is at its
/// end, so the first bytes of a large member are returned before they are proved. Within one piece that is avoided: a piece
/// in which damage is found ends with the last whole member.
///
///     members   [a,b⏎1,2⏎ ✓] [3,4⏎5,6⏎ ✗]    one piece has a,b⏎1,2⏎; the next nothing, and `isDamaged`
///     cut off   [a,b⏎1,2⏎ ✓] [3,4⏎5           one piece has a,b⏎1,2⏎3,4⏎5; the next nothing, and `isDamaged`
///
/// If the input is only cut off, all that was decoded is returned, because nothing shows it to be wrong. Trailing bytes that
/// begin no member, even zeros, count as damage: they may be the remains of one.
struct MemberReader {
    enum Progress {
        /// All input is decoded: append more, or call ``end(isDamaged:)``.
        case hungry
        /// The piece is full, or the last one.
        case ready
    }

    /// The size of a piece in bytes. It is the same for all readers, so that all of them find damage at the same place.
    static let pieceSize = 1 << 17

    private let decoder: any Decoder
    private let maxWindow: Int
    /// The number of bytes in the current piece.
    private(set) var count = 0
    /// The number of those bytes that belong to whole members.
    private var whole = 0
    /// Whether a member has begun and not ended.
    private var isInside = false
    /// Whether the decoder may have output left without further input, because the last piece was full.
    private var mayHoldOutput = false
    private(set) var isOver = false
    /// Whether bytes are missing after those that were returned. Known once `isOver`.
    private(set) var isDamaged = false

    init(_ compression: Compression, maxWindow: Int = CSVConverter.usualMaxWindow) throws(SluiceError) {
        self.maxWindow = maxWindow
        switch compression {
        case .gzip: decoder = try GzipDecoder()
        case .zstd: decoder = try ZstdDecoder(maxWindow: maxWindow)
        }
    }

    /// Starts the next piece.
    mutating func begin() { (count, whole) = (0, 0) }

    /// Decodes input into the rest of the piece, and drops it from `input`.
    mutating func fill(
        _ piece: UnsafeMutableRawBufferPointer,
        from input: inout UnsafeRawBufferPointer
    ) throws(SluiceError) -> Progress {
        var free = UnsafeMutableRawBufferPointer(rebasing: piece[count...])
        defer { if !isDamaged { count = piece.count - free.count } }
        while !isOver, !free.isEmpty {
            if input.isEmpty, !mayHoldOutput { return .hungry }
            switch decoder.decode(&input, into: &free) {
            case .more:
                isInside = true
                mayHoldOutput = free.isEmpty
            case .end:
                isInside = false
                mayHoldOutput = false
                whole = piece.count - free.count
            case .damaged:
                (isOver, isDamaged, count) = (true, true, whole)
            case .windowTooLarge:
                throw .overLimit(.zstdWindow, "it requires a zstd window of more than \(maxWindow >> 20) MiB of memory")
            case .noMemory: throw .outOfMemory
            }
        }
        return .ready
    }

    /// Ends the input. `isDamaged` states that more bytes exist but cannot be read.
    mutating func end(isDamaged: Bool) {
        isOver = true
        self.isDamaged = isInside || isDamaged
    }
}

/// Decompresses members one after another.
protocol Decoder {
    /// Drops decoded bytes from the front of `input` and drops what it fills from the front of `output`, which must not be
    /// empty. It stops when either is empty, or at the end of a member.
    func decode(_ input: inout UnsafeRawBufferPointer, into output: inout UnsafeMutableRawBufferPointer) -> DecoderStep
}

enum DecoderStep {
    /// The member continues.
    case more
    /// The member ended, and its checksum was right; the next byte starts another.
    case end
    case damaged
    case noMemory
    /// The input asks for more memory than `maxWindow` allows.
    case windowTooLarge
}
