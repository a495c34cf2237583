// Texts and what they become, by type: the tables of values, with their limits.

import SluiceJSON

/// A text under a rule, and its JSON or the rule that it breaks.
package struct ValueCase: Sendable {
    package var text: String
    package var rule: ColumnRule
    package var isQuoted = false
    package var outcome: Outcome

    package enum Outcome: Sendable, Hashable {
        case json(String)
        case null
        /// The error `typeMismatch`, with the rule of its detail.
        case mismatch(String)
        /// The error `constraint`.
        case broken(String)
    }

    package static var all: [ValueCase] {
        numbers + otherNumbers + strings + times + patterns + structures + missing + constraints
    }

    /// The cases of one type: pairs of a text and what it becomes.
    static func of(
        _ type: FieldType,
        _ pairs: [(String, Outcome)],
        _ change: (inout ColumnRule) -> Void = { _ in }
    ) -> [ValueCase] {
        var rule = ColumnRule()
        rule.type = type
        change(&rule)
        return pairs.map { ValueCase(text: $0, rule: rule, outcome: $1) }
    }

    /// The cases whose JSON is the text itself, or the text in quotes.
    static func kept(_ type: FieldType, inQuotes: Bool = false, _ texts: [String]) -> [ValueCase] {
        of(type, texts.map { ($0, .json(inQuotes ? "\"\($0)\"" : $0)) })
    }

    static func refused(_ type: FieldType, as rule: String = "", _ texts: [String]) -> [ValueCase] {
        of(type, texts.map { ($0, .mismatch(rule)) })
    }
}

extension FieldType {
    static func form(_ decimal: String = ".", _ group: String = "", isBare: Bool = true) -> NumberForm {
        var form = NumberForm()
        (form.decimalCharacter, form.groupCharacter, form.isBare) = (Array(decimal.utf8), Array(group.utf8), isBare)
        return form
    }

    static func dated(_ pattern: String) -> FieldType { .date(format(pattern)) }
    static func timed(_ pattern: String) -> FieldType { .time(format(pattern)) }
    static func datedAndTimed(_ pattern: String) -> FieldType { .datetime(format(pattern)) }

    private static func format(_ pattern: String) -> TimeFormat {
        TimePattern(Array(pattern.utf8)).map { .pattern($0) } ?? .iso
    }
}

extension ValueCase {
    private static let integer = FieldType.integer(.init())
    private static let number = FieldType.number(.init())
    private static let long = String(repeating: "9", count: 100)

    private static var numbers: [ValueCase] {
        var cases = kept(integer, ["0", "7", "-7", "-0", "9007199254740992", long, "-" + long])
        cases += of(integer, [("+5", .json("5")), ("+0", .json("0"))])
        cases += refused(integer, as: "leadingZero", ["00", "007", "-01", "+09"])
        cases += refused(integer, as: "fraction", ["1.5", "5.", "5.0", ".5", "."])
        cases += refused(integer, as: "exponent", ["1e3", "1E+3"])
        cases += refused(integer, as: "notFinite", ["NaN", "INF", "-inf", "+Infinity", "nan"])
        cases += refused(integer, as: "sign", ["(5)", "5-", "\u{2212}5", "5\u{2212}", "\u{2013}5", "\u{FF0D}5"])
        cases += refused(integer, as: "space", [" 5", "5\t", "  5 "])
        cases += refused(
            integer,
            ["", "-", "+", "--5", "+-5", "5 5", "1,5", "1_000", "0x1F", "٥", "5\u{A0}", "five", "1e", "2024-01-05"]
        )
        cases += kept(
            number,
            [
                "0", "-0", "-0.0", "0.00", "1.50", "12345678901234567890.10", "1e999", "1E-999", "-1.5e+05", "0e0",
                long + "." + long,
            ]
        )
        cases += of(
            number,
            [
                (".5", .json("0.5")), ("5.", .json("5")), ("+5", .json("5")), ("-.5", .json("-0.5")),
                ("5.e3", .json("5e3")), ("+.5E1", .json("0.5E1")),
            ]
        )
        cases += refused(number, as: "leadingZero", ["00.5", "01", "-007.1", "00", "01e5"])
        cases += refused(number, as: "notFinite", ["NaN", "INF", "-INF", "infinity"])
        cases += refused(number, ["", ".", "-.", "e5", ".e5", "5e", "5e+", "1.2.3", "1,5", "1e5.5", "1e5e5", "£5"])
        return cases
    }

    private static var otherNumbers: [ValueCase] {
        let grouped = FieldType.integer(FieldType.form(".", ","))
        let german = FieldType.number(FieldType.form(",", "."))
        let loose = FieldType.number(FieldType.form(".", ",", isBare: false))
        let looseInteger = FieldType.integer(FieldType.form(isBare: false))
        var cases = of(
            grouped,
            [
                ("1,000", .json("1000")), ("-1,234,567", .json("-1234567")), ("1000", .json("1000")),
                ("1234,567", .json("1234567")),
            ]
        )
        cases += refused(grouped, as: "grouping", ["1,5", "1,00", "1,0000", "1,,000", "1,", "1,000,", "1,000,0"])
        cases += refused(grouped, [",000", "-,000"])
        cases += refused(grouped, as: "leadingZero", ["0,123"])
        cases += of(
            german,
            [
                ("1.234,50", .json("1234.50")), ("-0,5", .json("-0.5")), (",5", .json("0.5")), ("5,", .json("5")),
                ("1.000e3", .json("1000e3")),
            ]
        )
        cases += refused(german, as: "grouping", ["1.5"])
        cases += refused(german, ["1,234.5", "1,5,5"])
        cases += of(.number(FieldType.form(".", "\u{A0}")), [("1\u{A0}234.5", .json("1234.5"))])
        cases += of(.number(FieldType.form("·")), [("1·5", .json("1.5"))])
        cases += of(
            loose,
            [
                ("€95", .json("95")), ("EUR 95.50", .json("95.50")), ("95%", .json("95")), ("$-5", .json("-5")),
                ("+5 kg", .json("5")), ("1,234.5 t", .json("1234.5")), ("-.5%", .json("-0.5")), (".5%", .json("0.5")),
                ("5.%", .json("5")), ("5 EUR", .json("5")), ("Rs. 500", .json("500")), ("5 m²", .json("5")),
                ("5.\u{2014}", .json("5")),
            ]
        )
        cases += refused(
            loose,
            as: "sign",
            ["(5)", "5-", "\u{2212}5", "5 (net)", "(5", "5)", "CHF 5.-", "\u{FF08}5\u{FF09}"]
        )
        cases += refused(loose, ["$.50", "Rs.500", "-$5", "- 5", "5 m2", "1 2", "", "€", "٣5", "1.2.3"])
        cases += refused(loose, as: "grouping", ["1,5%"])
        cases += refused(loose, as: "leadingZero", ["No. 007"])
        cases += refused(loose, as: "notFinite", ["NaN"])
        cases += of(looseInteger, [("95%", .json("95")), ("No. 7", .json("7")), ("5.%", .json("5"))])
        cases += refused(looseInteger, as: "fraction", ["€1.50", ".5"])
        cases += of(
            integer,
            [("007", .json("7")), ("-00", .json("-0")), ("0", .json("0")), ("000", .json("0")), ("+010", .json("10"))]
        ) { $0.stripsLeadingZeros = true }
        cases += of(number, [("007.50", .json("7.50")), ("00.5", .json("0.5"))]) { $0.stripsLeadingZeros = true }
        cases += of(
            integer,
            [
                ("9007199254740991", .json("9007199254740991")), ("9007199254740992", .json("\"9007199254740992\"")),
                ("-9007199254740992", .json("\"-9007199254740992\"")),
                ("10000000000000000", .json("\"10000000000000000\"")), (long, .json("\"\(long)\"")),
            ]
        ) { $0.bigIntegers = .string }
        cases += of(
            integer,
            [
                ("-9007199254740991", .json("-9007199254740991")), ("9007199254740992", .mismatch("bigInteger")),
                ("-" + long, .mismatch("bigInteger")),
            ]
        ) { $0.bigIntegers = .error }
        cases += of(number, [("9007199254740992", .json("9007199254740992"))]) { $0.bigIntegers = .error }
        return cases
    }

    private static var strings: [ValueCase] {
        var cases = kept(.text, inQuotes: true, ["", "a", " a ", "é😀", "007", "NaN"])
        cases += of(
            .text,
            [
                ("a\"b\\c\n\u{1}\t", .json(#""a\"b\\c\n\u0001\t""#)), ("\u{FFFE}x\u{FFFF}", .json(#""\ufffex\uffff""#)),
                ("\u{FFFD}\u{7F}", .json("\"\u{FFFD}\u{7F}\"")),
            ]
        )
        cases += kept(.string(.email), inQuotes: true, ["a@b", "a.b+c@x-y.example", "!#$%&'*+/=?^_`{|}~-@a.b"])
        cases += refused(
            .string(.email),
            as: "email",
            [
                "", "a", "@b", "a@", "a@b.", "a@-b", "a@b-", "a b@c", "ä@b.c", "a@b@c",
                "a@" + String(repeating: "l", count: 64),
            ]
        )
        cases += kept(
            .string(.uri),
            inQuotes: true,
            [
                "http://a.example/b?c#d", "mailto:a@b.example", "urn:isbn:1", "x:", "http://u:p@[::1]:80/%20?q=/?",
                "file:///a", "http://a:b@c:1/d",
            ]
        )
        cases += refused(
            .string(.uri),
            as: "uri",
            [
                "", "a", "//a/b", "/a", "1a:b", "http://a b", "http://a/%zz", "http://a/é", "a:b#c#d", "http://[::1",
                "http://[a]/", "http://a:b/", "x:[y]", ":a",
            ]
        )
        cases += kept(.string(.binary), inQuotes: true, ["", "YQ==", "YWI=", "YWJj", "+/+/"])
        cases += refused(
            .string(.binary),
            as: "binary",
            ["YQ", "YQ=", "Y===", "====", "YQ==YQ==", "Y-J_", "YWJ\nj", "YWJjYQ"]
        )
        cases += kept(
            .string(.uuid),
            inQuotes: true,
            [
                "123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000",
                "00000000-0000-0000-0000-000000000000",
            ]
        )
        cases += refused(
            .string(.uuid),
            as: "uuid",
            [
                "", "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}",
                "123e4567-e89b-12d3-a456-42661417400g", "123e4567-e89b-12d3-a456-4266141740000",
            ]
        )
        cases += of(
            .boolean(.init()),
            [
                ("true", .json("true")), ("True", .json("true")), ("TRUE", .json("true")), ("1", .json("true")),
                ("false", .json("false")), ("0", .json("false")),
            ]
        )
        cases += refused(.boolean(.init()), ["", "yes", "tRUE", "10", "01"])
        cases += refused(.boolean(.init()), as: "space", ["true "])
        return cases
    }
}
