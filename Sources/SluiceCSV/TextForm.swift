/// How text in memory, which is UTF-8, corresponds to the stored bytes.
///
/// Bytes that have no character become one byte in the text that UTF-8 never contains, an ``Undecodable``. So the length of the
/// stored bytes follows from the text alone:
///
///     stored    FF FE  3D D8 00 DE   00 D8   E9 00   33      UTF-16
///     text             F0 9F 98 80   FF      C3 A9   FE
///     length    2      4             2       2       1
package enum TextForm: Sendable, Hashable {
    /// The text is what is stored.
    case asStored
    /// Each character was one byte.
    case singleByte
    /// The text was UTF-16. `isMarkGone`: a byte order mark is stored before it that is not in the text.
    case utf16(isMarkGone: Bool)

    package var isTranscoded: Bool { self != .asStored }

    package var isMarkGone: Bool { self == .utf16(isMarkGone: true) }

    /// The number of bytes stored before the text.
    package var markLength: UInt64 { isMarkGone ? 2 : 0 }

    /// Returns how many bytes are stored for the given bytes of text, which are whole characters.
    package func storedCount(_ bytes: ByteView) -> UInt64 {
        let count = bytes.count
        var (trails, longLeads, odd) = (0, 0, 0)
        switch self {
        case .asStored: return UInt64(count)
        case .singleByte:
            for index in 0..<count { trails &+= bytes[index] & 0xC0 == 0x80 ? 1 : 0 }
            return UInt64(count - trails)
        case .utf16:
            for index in 0..<count {
                let byte = bytes[index]
                trails &+= byte & 0xC0 == 0x80 ? 1 : 0
                longLeads &+= byte & 0xF8 == 0xF0 ? 1 : 0
                odd &+= byte == Undecodable.oddLastByte.rawValue ? 1 : 0
            }
            return UInt64(2 * (count - trails + longLeads) - odd)
        }
    }
}

/// The bytes that represent undecodable input in transcoded text. UTF-8 never contains them, so each is one ill-formed part.
package enum Undecodable: UInt8, Sendable {
    case noCharacter = 0xFD
    case oddLastByte = 0xFE
    case unpairedSurrogate = 0xFF

    /// Whether a dialect may replace it. A byte without a character means that the encoding is wrong, which is always an error.
    var isReplaceable: Bool { self != .noCharacter }

    /// Returns the text with U+FFFD in place of each of them.
    static func replaced(in text: [UInt8]) -> [UInt8] {
        text.flatMap { Undecodable(rawValue: $0) == nil ? [$0] : UTF8Text.replacement }
    }

    var finding: CSVError.Finding {
        switch self {
        case .noCharacter: .noCharacter
        case .oddLastByte: .oddLastByte
        case .unpairedSurrogate: .unpairedSurrogate
        }
    }
}
