import SluiceJSON

/// Reads numbers with the operations of `String` only.
struct ReferenceNumber {
    var sign = ""
    var integer = ""
    var fraction = ""
    var exponent = ""

    var json: String { sign + integer + (fraction.isEmpty ? "" : "." + fraction) + exponent }

    var isBig: Bool { integer.count > 16 || (integer.count == 16 && integer > "9007199254740991") }

    /// The number written out without its exponent, which must not be large.
    var key: ReferenceKey {
        var (digits, point) = (integer + fraction, integer.count + (Int(exponent.dropFirst()) ?? 0))
        if point < 0 { (digits, point) = (String(repeating: "0", count: -point) + digits, 0) }
        if point > digits.count { digits += String(repeating: "0", count: point - digits.count) }
        let whole = String(digits.prefix(point).drop { $0 == "0" })
        let rest = String(digits.dropFirst(point).reversed().drop { $0 == "0" }.reversed())
        let isZero = whole.isEmpty && rest.isEmpty
        return .number(isNegative: sign == "-" && !isZero, integer: whole, fraction: rest)
    }

    static func read(
        _ text: String,
        _ form: FieldType.NumberForm,
        isInteger: Bool,
        strips: Bool
    ) throws(ReferenceRefusal) -> ReferenceNumber {
        var number = ReferenceNumber()
        let point = String(decoding: form.decimalCharacter, as: UTF8.self)
        let group = String(decoding: form.groupCharacter, as: UTF8.self)
        var rest = Scalars(form.isBare ? text : try bare(text, point))
        if rest.skip("-") { number.sign = "-" } else { _ = rest.skip("+") }
        number.integer = rest.digits()
        while !number.integer.isEmpty, rest.skip(group) {
            let digits = rest.digits()
            if digits.count != 3 { throw ReferenceRefusal("grouping") }
            number.integer += digits
        }
        if rest.skip(point) {
            if isInteger { throw ReferenceRefusal("fraction") }
            number.fraction = rest.digits()
        }
        if number.integer.isEmpty && number.fraction.isEmpty { throw refusal(text) }
        if number.integer.isEmpty { number.integer = "0" }
        if let letter = ["e", "E"].first(where: { rest.skip($0) }) {
            let sign = ["+", "-"].first { rest.skip($0) } ?? ""
            let digits = rest.digits()
            if digits.isEmpty { throw refusal(text) }
            if isInteger { throw ReferenceRefusal("exponent") }
            number.exponent = letter + sign + digits
        }
        if !rest.isEmpty { throw refusal(text) }
        if number.integer.count > 1, number.integer.hasPrefix("0") {
            if !strips { throw ReferenceRefusal("leadingZero") }
            number.integer = String(number.integer.drop { $0 == "0" })
            if number.integer.isEmpty { number.integer = "0" }
        }
        return number
    }

    private static let signs: Set<Unicode.Scalar> = [
        "-", "(", ")", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2212}", "\u{FE63}", "\u{FF0D}", "\u{FF08}",
        "\u{FF09}",
    ]

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }

    /// Takes away what stands around the number: what holds no digit, minus or parenthesis.
    private static func bare(_ text: String, _ point: String) throws(ReferenceRefusal) -> String {
        let scalars = Array(text.unicodeScalars)
        guard let start = scalars.firstIndex(where: { isDigit($0) || signs.contains($0) }),
            let last = scalars.lastIndex(where: isDigit), start <= last
        else { throw refusal(text) }
        if scalars[(last + 1)...].contains(where: signs.contains) { throw ReferenceRefusal("sign") }
        let number = string(scalars[start...last])
        let before = string(scalars[..<start])
        if before == point || before == "+" + point { return point + number }
        // `$.50` or `Rs.500`?
        if before.utf8.reversed().starts(with: point.utf8.reversed()) { throw ReferenceRefusal() }
        return number
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    private static func refusal(_ text: String) -> ReferenceRefusal {
        let names = ["nan", "inf", "infinity"]
        if names.contains(text.lowercased())
            || (["+", "-"].contains(text.prefix(1))
                && names.contains(text.dropFirst().lowercased()))
        {
            return ReferenceRefusal("notFinite")
        }
        let hasDigit = text.utf8.contains { (0x30...0x39).contains($0) }
        guard hasDigit, let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else {
            return ReferenceRefusal()
        }
        return ReferenceRefusal(signs.contains(last) || (signs.contains(first) && first != "-") ? "sign" : "")
    }
}

/// The characters of a text that are not read yet. Unlike those of a `String`, they are not joined with accents after them.
struct Scalars {
    private var rest: ArraySlice<Unicode.Scalar>

    init(_ text: String) { rest = Array(text.unicodeScalars)[...] }

    var isEmpty: Bool { rest.isEmpty }

    mutating func skip(_ text: String) -> Bool {
        guard !text.isEmpty, rest.starts(with: text.unicodeScalars) else { return false }
        rest = rest.dropFirst(text.unicodeScalars.count)
        return true
    }

    mutating func digits() -> String {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        return String(String.UnicodeScalarView(digits))
    }
}
