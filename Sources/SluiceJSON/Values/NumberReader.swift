import SluiceCSV

/// Reads numbers as people write them, and refuses what may be none or be meant otherwise.
///
///     form                              text         number
///     plain                             +1.50        1.50
///     groups `,`                        1,234.5      1234.5
///     groups `.`, decimals `,`          1.234,5      1234.5
///     not bare                          EUR 5.00/t   5.00
///     any                               (5)  5-      none: it may be meant as -5
struct NumberReader {
    let form: FieldType.NumberForm
    let isInteger: Bool
    let stripsLeadingZeros: Bool

    /// - Complexity: O(*n*) in the length of the text.
    func number(_ text: ByteView) throws(Mismatch) -> NumberText {
        var cursor = TextCursor(form.isBare ? text : try bare(text))
        guard let number = try read(&cursor), cursor.isAtEnd else { throw mismatch(text) }
        return try withoutLeadingZeros(number)
    }

    private func read(_ cursor: inout TextCursor) throws(Mismatch) -> NumberText? {
        let isNegative = cursor.take("-")
        if !isNegative { _ = cursor.take("+") }
        var number = NumberText(isNegative: isNegative, integer: cursor.takeDigits())
        try readGroups(&cursor, &number)
        if cursor.take(form.decimalCharacter) {
            if isInteger { throw .fraction }
            number.fraction = cursor.takeDigits()
        }
        guard !number.integer.isEmpty || !number.fraction.isEmpty else { return nil }
        if number.integer.isEmpty { number.integer = [UInt8(ascii: "0")] }
        return try readExponent(&cursor, &number) ? number : nil
    }

    private func readGroups(_ cursor: inout TextCursor, _ number: inout NumberText) throws(Mismatch) {
        guard !number.integer.isEmpty else { return }
        while cursor.take(form.groupCharacter) {
            let group = cursor.takeDigits()
            guard group.count == 3 else { throw .grouping }
            number.integer += group
        }
    }

    /// Returns false if an exponent has no digits.
    private func readExponent(_ cursor: inout TextCursor, _ number: inout NumberText) throws(Mismatch) -> Bool {
        let start = cursor.position
        guard cursor.take("e") || cursor.take("E") else { return true }
        _ = cursor.take("+") || cursor.take("-")
        guard !cursor.takeDigits().isEmpty else { return false }
        if isInteger { throw .exponent }
        number.exponent = cursor.text[start..<cursor.position].array
        return true
    }

    private func withoutLeadingZeros(_ number: NumberText) throws(Mismatch) -> NumberText {
        guard number.integer.count > 1, number.integer[0] == UInt8(ascii: "0") else { return number }
        guard stripsLeadingZeros else { throw .leadingZero }
        var stripped = number
        stripped.integer = Array(number.integer.drop { $0 == UInt8(ascii: "0") })
        if stripped.integer.isEmpty { stripped.integer = [UInt8(ascii: "0")] }
        return stripped
    }
}

extension NumberReader {
    /// Returns the number within a text: from the first digit, or a minus before it, to the last digit.
    ///
    /// What lies around it holds no minus or parenthesis, which would change the number, nor a decimal character at its start:
    /// `$.50` and `Rs.500` are written alike.
    private func bare(_ text: ByteView) throws(Mismatch) -> ByteView {
        var (start, end, cursor) = (nil as Int?, 0, TextCursor(text))
        while let scalar = Self.scalar(&cursor) {
            let length = scalar.utf8.count
            let isDigit = scalar.properties.numericType == .decimal
            if start == nil, isDigit || Self.signs.contains(scalar) { start = cursor.position - length }
            if isDigit { end = cursor.position }
        }
        guard var start, end > start else { throw mismatch(text) }
        if Self.hasSign(text.from(end)) { throw .sign }
        let before = text[0..<start].array
        if before.reversed().starts(with: form.decimalCharacter.reversed()) {
            start -= form.decimalCharacter.count
            guard start == 0 || text[0..<start].array == [UInt8(ascii: "+")] else { throw .other }
        }
        return text[start..<end]
    }

    /// Returns why a text is no number.
    private func mismatch(_ text: ByteView) -> Mismatch {
        let word = String(decoding: text[0..<min(text.count, 10)].array, as: UTF8.self).lowercased()
        let unsigned = word.hasPrefix("-") || word.hasPrefix("+") ? String(word.dropFirst()) : word
        if ["nan", "inf", "infinity"].contains(unsigned) { return .notFinite }
        let scalars = String(decoding: text.array, as: UTF8.self).unicodeScalars
        guard let first = scalars.first, let last = scalars.last, text.array.contains(where: ASCII.isDigit) else {
            return .other
        }
        return Self.signs.contains(last) || (first != "-" && Self.signs.contains(first)) ? .sign : .other
    }

    private static func hasSign(_ text: ByteView) -> Bool {
        var cursor = TextCursor(text)
        while let scalar = scalar(&cursor) { if signs.contains(scalar) { return true } }
        return false
    }

    /// What may make a number negative: minuses, what looks like them, and parentheses.
    private static let signs: Set<Unicode.Scalar> = [
        "-", "(", ")", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2212}", "\u{FE63}", "\u{FF0D}", "\u{FF08}",
        "\u{FF09}",
    ]

    /// Takes the next character.
    private static func scalar(_ cursor: inout TextCursor) -> Unicode.Scalar? {
        guard let byte = cursor.next else { return nil }
        guard byte >= 0x80 else {
            cursor.skip(1)
            return Unicode.Scalar(byte)
        }
        let (length, _) = UTF8Text.subpart(cursor.text, at: cursor.position)
        let bytes = cursor.text[cursor.position..<cursor.position + length].array
        cursor.skip(length)
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.first
    }
}
