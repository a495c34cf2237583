// Cases of UTF-8: well-formed at the edges of Table 3-7, ill-formed in every way, truncated at every byte, and the offsets
// of the errors.

import SluiceCSV

extension Cases {
    // swift-format-ignore
    static let wellFormed: [Case] = [
        Case("two bytes", "a\n\u{80}é\u{7FF}\n", .rfc4180, ["{\"a\":\"\u{80}é\u{7FF}\"}"]),
        Case("three bytes", "a\n\u{800}€\u{FFFD}\n", .rfc4180, ["{\"a\":\"\u{800}€\u{FFFD}\"}"]),
        Case("around the surrogates", "a\n\u{CFFF}\u{D000}\u{D7FF}\u{E000}\n", .rfc4180, [
            "{\"a\":\"\u{CFFF}\u{D000}\u{D7FF}\u{E000}\"}"
        ]),
        Case("four bytes", "a\n\u{10000}😀\u{10FFFD}\n", .rfc4180, ["{\"a\":\"\u{10000}😀\u{10FFFD}\"}"]),
        Case("four bytes at the edges of first bytes", "a\n\u{3FFFD}\u{40000}\u{FFFFD}\u{100000}\n", .rfc4180, [
            "{\"a\":\"\u{3FFFD}\u{40000}\u{FFFFD}\u{100000}\"}"
        ]),
        Case("all lengths inside quotes", "a\n\"xé€😀\"\n", .rfc4180, [#"{"a":"xé€😀"}"#]),
        Case("names of all lengths", "é,€,\"😀\"\n1,2,3\n", .rfc4180, [#"{"é":"1","€":"2","😀":"3"}"#]),
        Case("next to quotes", "a\n\"é\"\"€\"\"😀\"\n", .rfc4180, [#"{"a":"é\"€\"😀"}"#]),
        Case("next to a closing quote", "a\n\"é\"€\n", Dialect(afterQuote: .append), [#"{"a":"é€"}"#]),
        Case("as the last bytes", "a\n😀", .rfc4180, [#"{"a":"😀"}"#]),
        Case("composed and decomposed stay as they are", "a,b\né,e\u{301}\n", .rfc4180, [
            "{\"a\":\"\u{E9}\",\"b\":\"e\u{301}\"}"
        ]),
        Case("four bytes across byte 64", "a\n\(0x78, times: 60)😀y\n", .rfc4180, [
            #"{"a":""# + String(repeating: "x", count: 60) + #"😀y"}"#
        ]),
    ]

    // swift-format-ignore
    static let illFormed: [Case] = [
        bad("a lone continuation byte, lowest", "\(0x80)", #"{"a":"�"}"#),
        bad("a lone continuation byte, highest", "\(0xBF)", #"{"a":"�"}"#),
        bad("two continuation bytes", "\(0x80, 0x80)", #"{"a":"��"}"#),
        bad("overlong NUL", "\(0xC0, 0x80)", #"{"a":"��"}"#),
        bad("overlong slash", "\(0xC0, 0xAF)", #"{"a":"��"}"#),
        bad("overlong DEL", "\(0xC1, 0xBF)", #"{"a":"��"}"#),
        bad("overlong three bytes, lowest", "\(0xE0, 0x80, 0x80)", #"{"a":"���"}"#),
        bad("overlong three bytes, highest", "\(0xE0, 0x9F, 0xBF)", #"{"a":"���"}"#),
        bad("overlong four bytes, lowest", "\(0xF0, 0x80, 0x80, 0x80)", #"{"a":"����"}"#),
        bad("overlong four bytes, highest", "\(0xF0, 0x8F, 0xBF, 0xBF)", #"{"a":"����"}"#),
        bad("lowest surrogate", "\(0xED, 0xA0, 0x80)", #"{"a":"���"}"#),
        bad("highest surrogate", "\(0xED, 0xBF, 0xBF)", #"{"a":"���"}"#),
        bad("a pair of surrogates", "\(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80)", #"{"a":"������"}"#),
        bad("U+110000", "\(0xF4, 0x90, 0x80, 0x80)", #"{"a":"����"}"#),
        bad("first byte F5", "\(0xF5, 0x80, 0x80, 0x80)", #"{"a":"����"}"#),
        bad("first byte F7", "\(0xF7, 0xBF, 0xBF, 0xBF)", #"{"a":"����"}"#),
        bad("five bytes", "\(0xF8, 0x88, 0x80, 0x80, 0x80)", #"{"a":"�����"}"#),
        bad("six bytes", "\(0xFC, 0x84, 0x80, 0x80, 0x80, 0x80)", #"{"a":"������"}"#),
        bad("FE", "\(0xFE)", #"{"a":"�"}"#),
        bad("FF twice", "\(0xFF, 0xFF)", #"{"a":"��"}"#),
        bad("Latin-1", "caf\(0xE9)", #"{"a":"caf�"}"#, offset: 5),
        bad("C2 and a letter", "\(0xC2)x", #"{"a":"�x"}"#),
        bad("DF and a letter", "\(0xDF)x", #"{"a":"�x"}"#),
        bad("E0 A0 and a letter", "\(0xE0, 0xA0)x", #"{"a":"�x"}"#),
        bad("E2 and a letter", "\(0xE2)x", #"{"a":"�x"}"#),
        bad("E2 82 and a letter", "\(0xE2, 0x82)x", #"{"a":"�x"}"#),
        bad("ED 9F and a letter", "\(0xED, 0x9F)x", #"{"a":"�x"}"#),
        bad("EF BF and a letter", "\(0xEF, 0xBF)x", #"{"a":"�x"}"#),
        bad("F0 90 and a letter", "\(0xF0, 0x90)x", #"{"a":"�x"}"#),
        bad("F0 9F 98 and a letter", "\(0xF0, 0x9F, 0x98)x", #"{"a":"�x"}"#),
        bad("F1 80 80 and a letter", "\(0xF1, 0x80, 0x80)x", #"{"a":"�x"}"#),
        bad("F4 and a letter", "\(0xF4)x", #"{"a":"�x"}"#),
        bad("F4 8F BF and a letter", "\(0xF4, 0x8F, 0xBF)x", #"{"a":"�x"}"#),
        bad("two first bytes", "\(0xC2, 0xC2)", #"{"a":"��"}"#),
        bad("E2 and then a good sequence", "\(0xE2)\u{80}", "{\"a\":\"�\u{80}\"}"),
        bad("E2 82 and then a good sequence", "\(0xE2, 0x82)€", #"{"a":"�€"}"#),
        bad("F0 9F 98 and then a good sequence", "\(0xF0, 0x9F, 0x98)😀", #"{"a":"�😀"}"#),
        bad("a good sequence and a byte too many", "é\(0xA9)", #"{"a":"é�"}"#, offset: 4),
        bad(
            "Unicode Table 3-8, non-shortest forms", "\(0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82)A",
            #"{"a":"��������A"}"#
        ),
        bad(
            "Unicode Table 3-9, surrogates", "\(0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF)A",
            #"{"a":"��������A"}"#
        ),
        bad(
            "Unicode Table 3-10, other ill-formed sequences", "\(0xF4, 0x91, 0x92, 0x93, 0xFF)A\(0x80, 0xBF)B",
            #"{"a":"�����A��B"}"#
        ),
        bad(
            "Unicode Table 3-11, truncated sequences", "\(0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF)A",
            #"{"a":"����A"}"#
        ),
        bad(
            "maximal subparts among letters", "a\(0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2)b\(0x80)c\(0x80, 0xBF)d",
            #"{"a":"a���b�c��d"}"#, offset: 3
        ),
    ].flatMap(\.self)

    // swift-format-ignore
    static let truncatedSequences: [Case] = [
        Case("cut off by a delimiter", "a,b\n\(0xE2, 0x82),\(0xAC)\n", .lenient, [#"{"a":"�","b":"�"}"#]),
        Case("cut off by an LF", "a\n\(0xC3)\n\(0xA9)\n", .lenient, [#"{"a":"�"}"#, #"{"a":"�"}"#]),
        Case("cut off by CR LF", "a\n\(0xE2, 0x82)\r\n\(0xAC)\r\n", .lenient, [#"{"a":"�"}"#, #"{"a":"�"}"#]),
        Case("cut off by a CR", "a\n\(0xE2)\r\(0x82, 0xAC)\r", .lenient, [#"{"a":"�"}"#, #"{"a":"��"}"#]),
        Case("cut off by a CR as data", "a\n\(0xE2)\r\(0x82)\n", Dialect(bareCR: .data, invalidUTF8: .replace), [
            #"{"a":"�\r�"}"#
        ]),
        Case("cut off by the end of the input", "a\n\(0xF0, 0x9F, 0x98)", .lenient, [#"{"a":"�"}"#]),
        Case("cut off by a closing quote", "a,b\n\"\(0xE2, 0x82)\",\(0xAC)\n", .lenient, [#"{"a":"�","b":"�"}"#]),
        Case("cut off by a closing quote before text", "a\n\"\(0xE2, 0x82)\"\(0xAC)\n", .lenient, [#"{"a":"��"}"#]),
        Case("cut off by a closing quote before a good sequence", "a\n\"\(0xE2)\"€\n", .lenient, [#"{"a":"�€"}"#]),
        Case("cut off by a doubled quote", "a\n\"\(0xE2)\"\"\(0x82, 0xAC)\"\n", .lenient, [#"{"a":"�\"��"}"#]),
        Case("cut off by a quote in plain", "a\n\(0xE2)\"\(0x82, 0xAC)\n", .lenient, [#"{"a":"�\"��"}"#]),
        Case("cut off by a quote in text after a quote", "a\n\"\"\(0xC3)\"\(0xA9)\n", .lenient, [#"{"a":"�\"�"}"#]),
        Case("cut off by the end of the input inside quotes", "a\n\"\(0xF0, 0x9F)", .lenient, [#"{"a":"�"}"#]),
        Case("cut off by the end of text after a quote", "a\n\"x\"\(0xE2, 0x82)", .lenient, [#"{"a":"x�"}"#]),
        Case("cut off by an LF inside quotes", "a\n\"\(0xC3)\n\(0xA9)\"\n", .lenient, [#"{"a":"�\n�"}"#]),
        Case("cut off in a name", "\"\(0xC3)\"\(0xA9)\n1\n", .lenient, [#"{"��":"1"}"#]),
        Case(
            "cut off by another delimiter", "a|b\n\(0xC3)|\(0xA9)\n", Dialect(delimiter: 0x7C, invalidUTF8: .replace),
            [#"{"a":"�","b":"�"}"#]
        ),
    ]

    // swift-format-ignore
    static let utf8Offsets: [Case] = [
        Case("cut off by a delimiter, error", "a,b\n\(0xE2, 0x82),\(0xAC)\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 4, record: 2, field: 1
        )),
        Case("the second field is bad", "a,b\né,x\(0xFF)\(0xFF)\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 8, record: 2, field: 2
        )),
        Case("the second sequence is bad", "a\n€\(0xE2, 0x82)\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 5, record: 2, field: 1
        )),
        Case("the last byte of the input is bad", "a\nx\n\(0xC3)", .rfc4180, [#"{"a":"x"}"#], CSVError(
            .invalidUTF8, offset: 4, record: 3, field: 1
        )),
        Case("bad after doubled quotes", "a\n\"\"\"\"\"\(0xFF)\"\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 7, record: 2, field: 1
        )),
        Case("bad before a closing quote", "a\n\"x\(0xC3)\"\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 4, record: 2, field: 1
        )),
        Case("bad on the second line of a field", "a\n\"x\n\(0xC3)\"\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 5, record: 2, field: 1
        )),
        Case("bad in text after a quote", "a\n\"x\"\(0xC3)\n", Dialect(afterQuote: .append), [], CSVError(
            .invalidUTF8, offset: 5, record: 2, field: 1
        )),
        Case(
            "bad on both sides of a closing quote", "a\n\"\(0xC3)\"\(0xA9)\n", Dialect(afterQuote: .append),
            [], CSVError(.invalidUTF8, offset: 3, record: 2, field: 1)
        ),
        Case("bad in an unclosed field", "a\n\"x\(0xC3)", Dialect(unterminated: .close), [], CSVError(
            .invalidUTF8, offset: 4, record: 2, field: 1
        )),
        Case("bad in a name", "a,\(0xC3),b\n1,2,3\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 2, record: 1, field: 2
        )),
        Case("bad after a byte order mark", "\(0xEF, 0xBB, 0xBF)\(0xBF)\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 3, record: 1, field: 1
        )),
        Case("bad without header", "1\n\(0xC3)\n", Dialect(header: .none), [#"["1"]"#], CSVError(
            .invalidUTF8, offset: 2, record: 2, field: 1
        )),
        Case("bad at byte 64", "a\n\(0x78, times: 62)\(0xC3)\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 64, record: 2, field: 1
        )),
        Case("replaced one by one in two fields", "a,b\n\(0xC3),x\(0xFF, 0xFF)\n", Dialect(invalidUTF8: .replace), [
            #"{"a":"�","b":"x��"}"#
        ]),
    ]

    /// Returns cases with ill-formed bytes as the only value: an error in strict mode, and replaced in lenient mode.
    private static func bad(_ name: String, _ value: Bytes, _ expected: String, offset: UInt64 = 2) -> [Case] {
        [
            Case("\(name), error", "a\n\(value)\n", .rfc4180, [], CSVError(.invalidUTF8, offset: offset, record: 2)),
            Case("\(name), replace", "a\n\(value)\n", Dialect(invalidUTF8: .replace), [expected]),
        ]
    }
}
