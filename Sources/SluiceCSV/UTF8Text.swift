/// Reads UTF-8 one sequence at a time, to find or replace what a kernel reported as ill-formed.
///
/// Ill-formed bytes are divided as the Unicode Standard recommends (section 3.9, "U+FFFD Substitution of Maximal
/// Subparts"): the longest prefix of a well-formed sequence is one subpart, any other byte is one by itself. `E2 82 41` is
/// one subpart `E2 82` and then `A`; `ED A0 80`, a surrogate, is three subparts.
package enum UTF8Text {
    /// U+FEFF, which may begin a text and is no part of it.
    package static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// U+FFFD, which replaces an ill-formed subpart.
    package static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Returns the length of the well-formed sequence or maximal subpart that starts at an offset. A sequence that goes on
    /// beyond the view is ill-formed.
    @inline(__always)
    package static func subpart(_ bytes: ByteView, at start: Int) -> (length: Int, isWellFormed: Bool) {
        let lead = bytes[start]
        guard lead >= 0x80 else { return (1, true) }
        guard lead >= 0xC2, lead <= 0xF4 else { return (1, false) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        for position in 1..<length {
            guard start + position < bytes.count, allowed(lead, position).contains(bytes[start + position]) else {
                return (position, false)
            }
        }
        return (length, true)
    }

    /// Returns the bytes that may follow `lead` at that position (Unicode Standard, Table 3-7).
    private static func allowed(_ lead: UInt8, _ position: Int) -> ClosedRange<UInt8> {
        guard position == 1 else { return 0x80...0xBF }
        return switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }

    /// Returns the offset of the first ill-formed subpart, or nil if there is none.
    package static func firstIllFormed(_ bytes: ByteView) -> Int? {
        var offset = bytes.asciiCount(from: 0)
        while offset < bytes.count {
            let (length, isWellFormed) = subpart(bytes, at: offset)
            guard isWellFormed else { return offset }
            offset += length
            offset += bytes.asciiCount(from: offset)
        }
        return nil
    }
}
