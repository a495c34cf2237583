// Well-formed UTF-8, exactly as the Unicode Standard defines it, for the reference parser.

/// UTF-8 as listed in Table 3-7 of the Unicode Standard, with U+FFFD for each maximal subpart (section 3.9).
enum ReferenceUTF8 {
    /// Table 3-7, "Well-Formed UTF-8 Byte Sequences": for each row, the ranges of the first byte, the second byte and so
    /// on.
    ///
    /// No first byte occurs in two rows.
    static let table: [[ClosedRange<UInt8>]] = [
        [0x00...0x7F],
        [0xC2...0xDF, 0x80...0xBF],
        [0xE0...0xE0, 0xA0...0xBF, 0x80...0xBF],
        [0xE1...0xEC, 0x80...0xBF, 0x80...0xBF],
        [0xED...0xED, 0x80...0x9F, 0x80...0xBF],
        [0xEE...0xEF, 0x80...0xBF, 0x80...0xBF],
        [0xF0...0xF0, 0x90...0xBF, 0x80...0xBF, 0x80...0xBF],
        [0xF1...0xF3, 0x80...0xBF, 0x80...0xBF, 0x80...0xBF],
        [0xF4...0xF4, 0x80...0x8F, 0x80...0xBF, 0x80...0xBF],
    ]

    /// U+FFFD.
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Returns the data of a field with U+FFFD for each ill-formed subpart, and the offset of the first such subpart.
    static func repaired(_ field: ReferenceField) -> (value: [UInt8], firstBad: Int?) {
        var value: [UInt8] = []
        var firstBad: Int?
        for piece in field.pieces {
            var position = 0
            while position < piece.count {
                let (length, isWellFormed) = part(of: piece, at: position)
                if isWellFormed {
                    for index in 0..<length { value.append(piece[position + index].byte) }
                } else {
                    value += replacement
                    firstBad = firstBad ?? piece[position].offset
                }
                position += length
            }
        }
        return (value, firstBad)
    }

    /// Whether the field has a well-formed character of more than one byte.
    static func hasWideCharacter(_ field: ReferenceField) -> Bool {
        field.pieces.contains { piece in
            var position = 0
            while position < piece.count {
                let (length, isWellFormed) = part(of: piece, at: position)
                if isWellFormed, length > 1 { return true }
                position += length
            }
            return false
        }
    }

    /// Returns the length of the character at a position. If it is ill-formed, its maximal subpart: the longest prefix of a
    /// well-formed sequence, or else a single byte.
    private static func part(of piece: [ReferenceByte], at position: Int) -> (length: Int, isWellFormed: Bool) {
        for row in table where row[0].contains(piece[position].byte) {
            var length = 1
            while length < row.count && position + length < piece.count {
                if !row[length].contains(piece[position + length].byte) { break }
                length += 1
            }
            return (length, length == row.count)
        }
        return (1, false)
    }
}
