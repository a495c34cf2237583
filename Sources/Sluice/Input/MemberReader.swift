/// Decompresses members (gzip) or frames (zstd) one after another, each checked, into a piece of memory at a time.
///
/// A piece is filled if there is enough, so the input gives the same pieces however it comes in. Checksums stand at the end
/// of a member, so a large member's first bytes are out before it is proved whole. At least those of one piece need not
/// be: where damage is found, a piece has only what belongs to members that are whole.
///
///     members   [a,b⏎1,2⏎ ✓] [3,4⏎5,6⏎ ✗]    one piece has a,b⏎1,2⏎; the next nothing, and `isDamaged`
///     cut off   [a,b⏎1,2⏎ ✓] [3,4⏎5           one piece has a,b⏎1,2⏎3,4⏎5; the next nothing, and `isDamaged`
///
/// Where the input is merely cut off, all that came out of it is given, as nothing speaks against it. Anything after
/// the last member that is no member, zeros too, is damage: it may be what is left of one.
struct MemberReader {
    enum Progress {
        /// There is nothing left to decode; more input is needed, or the word that there is none.
        case hungry
        /// The piece is full, or the last.
        case ready
    }

    /// Bytes of a piece: one size for all who read, so that damage is found at the same place by all of them.
    static let pieceSize = 1 << 17

    private let decoder: any Decoder
    private let maxWindow: Int
    /// Bytes in the present piece.
    private(set) var count = 0
    /// Those of them that belong to members that are whole.
    private var whole = 0
    /// A member has begun and not ended.
    private var isInside = false
    /// The decoder may have more to give without further input, because the last piece was full.
    private var mayHoldOutput = false
    private(set) var isOver = false
    /// Known once it is over: bytes are missing after those that were given.
    private(set) var isDamaged = false

    init(_ compression: Compression, maxWindow: Int = Sluice.usualMaxWindow) throws(SluiceError) {
        self.maxWindow = maxWindow
        switch compression {
        case .gzip: decoder = try GzipDecoder()
        case .zstd: decoder = try ZstdDecoder(maxWindow: maxWindow)
        }
    }

    /// Begins another piece.
    mutating func begin() { (count, whole) = (0, 0) }

    /// Decodes input, which is taken off, into the rest of the piece.
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
                throw .unusable(
                    "it asks for a zstd window of more than \(maxWindow >> 20) MiB of memory; to allow it: --max-window 2GiB"
                )
            case .noMemory: throw .outOfMemory
            }
        }
        return .ready
    }

    /// No input follows, or none that can be had.
    mutating func end(isDamaged: Bool) {
        isOver = true
        self.isDamaged = isInside || isDamaged
    }
}

/// Decompresses members one after another.
protocol Decoder {
    /// Takes bytes off the front of `input` and writes to the front of `output`, which has room, as far as either goes,
    /// but not beyond the end of a member.
    func decode(_ input: inout UnsafeRawBufferPointer, into output: inout UnsafeMutableRawBufferPointer) -> DecoderStep
}

enum DecoderStep {
    /// The member goes on.
    case more
    /// The member is over, and whole as far as its checksum tells; the next byte begins another.
    case end
    case damaged
    case noMemory
    /// The input asks for more memory than it may have.
    case windowTooLarge
}
