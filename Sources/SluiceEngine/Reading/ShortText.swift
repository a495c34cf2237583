import Synchronization

/// The bits of a string of up to 15 bytes, which the standard library keeps in the string itself.
///
/// Its own initializers take 70 to 130 instructions for such a string, since they find out at run time where its memory is to
/// be. Here it is a load of 8 bytes, or two, and some shifts:
///
///     "EUR"      low  0x0000_0000_0052_5545      the first 8 bytes, the first of them lowest
///                high 0xE300_0000_0000_0000      the others; in the top byte the length, with 0xE0 for ASCII, 0xA0 for other text
///
/// The standard library promises these bits on Apple's platforms only. So the first use compares them with those of strings that
/// it makes itself, of each length and of both kinds of text. Where they differ, as with a later standard library they might, it
/// makes all strings.
struct ShortText {
    private let low: UInt64
    private let high: UInt64

    /// The bytes of a text that are read, whatever its length.
    static let readableBytes = 16
    static let mostBytes = 15

    /// Reads well-formed UTF-8 of at most ``mostBytes``. ``readableBytes`` from the first on are readable.
    @inline(__always)
    init(_ start: UnsafePointer<UInt8>, _ count: Int) {
        let bytes = UnsafeRawPointer(start)
        low = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) & Self.mask(count)
        var rest = UInt64(0)
        if count > 8 { rest = UInt64(littleEndian: (bytes + 8).loadUnaligned(as: UInt64.self)) & Self.mask(count &- 8) }
        let isASCII = (low | rest) & 0x8080_8080_8080_8080 == 0
        high = rest | UInt64(UInt(bitPattern: (isASCII ? 0xE0 : 0xA0) | count)) &<< 56
    }

    /// The bits of the first `count` bytes of a word; all from 8 on.
    @_transparent
    private static func mask(_ count: Int) -> UInt64 {
        count < 8 ? (1 &<< UInt64(UInt(bitPattern: 8 &* count))) &- 1 : ~0
    }

    /// The string. Only if ``isUsable``.
    @inline(__always)
    var string: String {
        // Both strings have the size of these bits, which `isUsable` has checked, and own no memory: nothing is left to be
        // released. `unsafeBitCast` would count an owner.
        var string = ""
        unsafe withUnsafeMutablePointer(to: &string) {
            unsafe UnsafeMutableRawPointer($0).storeBytes(of: self, as: ShortText.self)
        }
        return string
    }
}

/// Whether strings of the standard library in use have these bits.
extension ShortText {
    /// 0 before it is known, 1 if they have, 2 if not. Threads that find it out at the same time find the same.
    private static let knowledge = Atomic<UInt8>(0)

    @inline(__always)
    static var isUsable: Bool {
        switch knowledge.load(ordering: .relaxed) {
        case 0: examine()
        case let known: known == 1
        }
    }

    @inline(never)
    private static func examine() -> Bool {
        let texts = ["abcdefghijklmno", "\u{E9}\u{20AC}\u{1F600}defghi"].map { Array($0.utf8) }
        let isUsable =
            MemoryLayout<String>.size == MemoryLayout<ShortText>.size
            && texts.allSatisfy { text in (0...mostBytes).allSatisfy { isExact(text, $0) } }
        knowledge.store(isUsable ? 1 : 2, ordering: .relaxed)
        return isUsable
    }

    /// Whether a text's first bytes, if they are UTF-8, are such a string.
    private static func isExact(_ text: [UInt8], _ count: Int) -> Bool {
        guard let string = String(validating: text.prefix(count), as: UTF8.self) else { return true }
        let padded = text + [UInt8](repeating: 0xFF, count: readableBytes)
        let bits = padded.withUnsafeBufferPointer { $0.baseAddress.map { ShortText($0, count) } }
        // Both have the same size, and what is cast is only looked at while the string exists.
        let made = withExtendedLifetime(string) { unsafe unsafeBitCast(string, to: (low: UInt64, high: UInt64).self) }
        return bits?.low == made.low && bits?.high == made.high
    }
}

extension String {
    /// Creates a string of bytes that the reader has found to be UTF-8, in memory where ``ShortText/readableBytes`` are readable.
    @usableFromInline
    init(checked start: UnsafePointer<UInt8>, count: Int) {
        if count <= ShortText.mostBytes, ShortText.isUsable {
            self = ShortText(start, count).string
        } else {
            // The bytes outlive the call.
            self = unsafe String(copying: UTF8Span(unchecked: Span(_unsafeStart: start, count: count)))
        }
    }
}
