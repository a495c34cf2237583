/// What a compressed source holds: its members (gzip) or frames (zstd) one after another, each checked.
///
/// A read fills all the memory if there is enough, so the input gives the same bytes per read however it comes in.
/// Checksums stand at the end of a member, so a large member's first bytes are out before it is proved whole. At least
/// those of one read need not be: where damage is found, a read gives only what belongs to members that are whole.
///
///     members   [a,b⏎1,2⏎ ✓] [3,4⏎5,6⏎ ✗]    one read gives a,b⏎1,2⏎; the next 0 and `isDamaged`
///     cut off   [a,b⏎1,2⏎ ✓] [3,4⏎5           one read gives a,b⏎1,2⏎3,4⏎5; the next 0 and `isDamaged`
///
/// Where the input is merely cut off, all that came out of it is given, as nothing speaks against it. Anything behind
/// the last member that is no member, zeros too, is damage: it may be what is left of one.
final class DecompressedSource: ByteSource {
    // A class, for the decoder's state and the buffer cannot be copied.
    private var source: any ByteSource
    private let decoder: any Decoder
    /// Owned by this object.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    /// What of the buffer is not decoded yet.
    private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
    /// A member has begun and not ended.
    private var isInside = false
    /// The decoder may have more to give without further input, because the last read was full.
    private var mayHoldOutput = false
    private var isOver = false
    private(set) var isDamaged = false

    init(_ source: any ByteSource, _ compression: Compression) throws(SluiceError) {
        self.source = source
        switch compression {
        case .gzip: decoder = try GzipDecoder()
        case .zstd: decoder = try ZstdDecoder()
        }
    }

    deinit { buffer.deallocate() }

    func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        var free = memory
        var whole = 0
        while !isOver, !free.isEmpty {
            if rest.isEmpty, !mayHoldOutput {
                rest = UnsafeRawBufferPointer(rebasing: buffer[..<(try source.read(into: buffer))])
                if rest.isEmpty {
                    end(isDamaged: isInside || source.isDamaged)
                    break
                }
            }
            switch decoder.decode(&rest, into: &free) {
            case .more:
                isInside = true
                mayHoldOutput = free.isEmpty
            case .end:
                isInside = false
                mayHoldOutput = false
                whole = memory.count - free.count
            case .damaged:
                end(isDamaged: true)
                return whole
            case .noMemory:
                throw .unusable("there is not enough memory to decompress it")
            }
        }
        return memory.count - free.count
    }

    private func end(isDamaged: Bool) {
        isOver = true
        self.isDamaged = isDamaged
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
}
