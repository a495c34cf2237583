// Cases of line ends, blank lines, and byte order marks.

import SluiceCSV

extension Cases {
    // swift-format-ignore
    static let lineEnds: [Case] = [
        Case("LF", "a,b\n1,2\n3,4\n", .rfc4180, [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#]),
        Case("CR LF", "a,b\r\n1,2\r\n3,4\r\n", .rfc4180, [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#]),
        Case("LF and CR LF mixed", "a,b\n1,2\r\n3,4\n", .rfc4180, [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#]),
        Case("CR LF then LF", "a,b\r\n1,2\n3,4\r\n", .rfc4180, [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#]),
        Case("final record without EOL", "a,b\n1,2\n3,4", .rfc4180, [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#]),
        Case("final quoted field without EOL", "a,b\n1,\"2\"", .rfc4180, [#"{"a":"1","b":"2"}"#]),
        Case("final empty field without EOL", "a,b\n1,", .rfc4180, [#"{"a":"1","b":""}"#]),
        Case("a delimiter as the last byte", "a,b\n,", .rfc4180, [#"{"a":"","b":""}"#]),
        Case("empty quoted field as the last bytes", "a,b\n1,\"\"", .rfc4180, [#"{"a":"1","b":""}"#]),
        Case("trailing delimiters", "a,b,c\n1,2,\n1,,\n,,\n", .rfc4180, [
            #"{"a":"1","b":"2","c":""}"#, #"{"a":"1","b":"","c":""}"#, #"{"a":"","b":"","c":""}"#,
        ]),
        Case("leading delimiters", "a,b,c\n,,3\n,2,\r\n", .rfc4180, [
            #"{"a":"","b":"","c":"3"}"#, #"{"a":"","b":"2","c":""}"#,
        ]),
        Case("nothing is trimmed", "a, b\n 1 ,\t2 \n", .rfc4180, [#"{"a":" 1 "," b":"\t2 "}"#]),
        Case("vertical tab, form feed, NEL and U+2028 are data", "a\n1\u{B}2\u{C}3\u{85}4\u{2028}5\n", .rfc4180, [
            #"{"a":"1\u000b2\f3"# + "\u{85}4\u{2028}" + #"5"}"#
        ]),
        Case("empty input", "", .rfc4180),
        Case("empty input, lenient", "", .lenient),
        Case("empty input without header", "", Dialect(header: .none)),
        Case("empty input with names", "", Dialect(header: .names(["a"]))),
        Case("header alone", "a,b\n", .rfc4180),
        Case("header alone without EOL", "a,b", .rfc4180),
        Case("header alone with CR LF", "a,b\r\n", .rfc4180),
        Case("one byte", "a", .rfc4180),
        Case("one byte without header", "a", Dialect(header: .none), [#"["a"]"#]),
        Case("a delimiter alone without header", ",", Dialect(header: .none), [#"["",""]"#]),
    ]

    // swift-format-ignore
    static let blankLines: [Case] = [
        Case("LF alone", "\n", .rfc4180),
        Case("blank lines alone", "\n\n\r\n\n", .rfc4180),
        Case("blank lines alone without header", "\n\r\n", Dialect(header: .none)),
        Case("blank lines alone with one name are rows", "\n\r\n", Dialect(header: .names(["a"])), [
            #"{"a":""}"#, #"{"a":""}"#,
        ]),
        Case(
            "blank lines alone with one name, skip-all", "\n\r\n",
            Dialect(header: .names(["a"]), blankLines: .skipAll)
        ),
        Case("blank lines alone with two names", "\n\r\n", Dialect(header: .names(["a", "b"]))),
        Case("blank line with two columns", "a,b\n\n1,2\n\r\n\n3,4\n\n", .rfc4180, [
            #"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#,
        ]),
        Case("blank line with two columns, skip-all", "a,b\n\n1,2\n\n", Dialect(blankLines: .skipAll), [
            #"{"a":"1","b":"2"}"#
        ]),
        Case(
            "blank line with two columns, error", "a,b\n1,2\n\n3,4\n", Dialect(blankLines: .error),
            [#"{"a":"1","b":"2"}"#], CSVError(.blankLine, offset: 8, record: 3, field: 1)
        ),
        Case("blank line with one column", "a\n\n1\r\n\r\n", .rfc4180, [#"{"a":""}"#, #"{"a":"1"}"#, #"{"a":""}"#]),
        Case("blank line with one column, skip-all", "a\n\n1\n\n", Dialect(blankLines: .skipAll), [#"{"a":"1"}"#]),
        Case(
            "blank line with one column, error", "a\n1\n\n", Dialect(blankLines: .error),
            [#"{"a":"1"}"#], CSVError(.blankLine, offset: 4, record: 3, field: 1)
        ),
        Case("quoted nothing is not blank, skip-all", "a\n\"\"\n", Dialect(blankLines: .skipAll), [#"{"a":""}"#]),
        Case("quoted nothing is not blank, error", "a\n\"\"\n", Dialect(blankLines: .error), [#"{"a":""}"#]),
        Case("spaces are not blank", "a\n  \n", Dialect(blankLines: .error), [#"{"a":"  "}"#]),
        Case(
            "spaces are not blank in two columns", "a,b\n \n", .rfc4180,
            [], CSVError(.raggedRecord, offset: 4, record: 2, field: 2)
        ),
        Case("blank lines before the header", "\n\r\na,b\n1,2\n", .rfc4180, [#"{"a":"1","b":"2"}"#]),
        Case("blank lines before a header of one column", "\n\na\n1\n", .rfc4180, [#"{"a":"1"}"#]),
        Case("blank lines before the header, skip-all", "\n\na\n1\n", Dialect(blankLines: .skipAll), [#"{"a":"1"}"#]),
        Case(
            "blank line before the header, error", "\r\na\n1\n", Dialect(blankLines: .error),
            [], CSVError(.blankLine, offset: 0, record: 1, field: 1)
        ),
        Case("blank lines before the first record of one column", "\n1\n\n2\n", Dialect(header: .none), [
            #"["1"]"#, #"[""]"#, #"["2"]"#,
        ]),
        Case("blank lines before the first record of two columns", "\n1,2\n\n3,4\n", Dialect(header: .none), [
            #"["1","2"]"#, #"["3","4"]"#,
        ]),
        Case("no header, skip-all", "\n1\n\n2\n", Dialect(header: .none, blankLines: .skipAll), [#"["1"]"#, #"["2"]"#]),
        Case(
            "no header, error", "1\n\n2\n", Dialect(header: .none, blankLines: .error),
            [#"["1"]"#], CSVError(.blankLine, offset: 2, record: 2, field: 1)
        ),
        Case("leading blank line with one name is a row", "\n1\n", Dialect(header: .names(["a"])), [
            #"{"a":""}"#, #"{"a":"1"}"#,
        ]),
        Case(
            "leading blank line with one name, error", "\n1\n", Dialect(header: .names(["a"]), blankLines: .error),
            [], CSVError(.blankLine, offset: 0, record: 1, field: 1)
        ),
        Case(
            "blank lines take record numbers", "a,b\n\n\n1,x\"\n", .rfc4180,
            [], CSVError(.quoteInPlain, offset: 9, record: 4, field: 2)
        ),
    ]

    // swift-format-ignore
    static let byteOrderMarks: [Case] = [
        Case("byte order mark alone", "\(0xEF, 0xBB, 0xBF)", .rfc4180),
        Case("byte order mark and blank lines", "\(0xEF, 0xBB, 0xBF)\n\n", .rfc4180),
        Case("byte order mark and names, one blank line", "\(0xEF, 0xBB, 0xBF)\n", Dialect(header: .names(["a"])), [
            #"{"a":""}"#
        ]),
        Case("byte order mark and header", "\(0xEF, 0xBB, 0xBF)a,b\n1,2\n", .rfc4180, [#"{"a":"1","b":"2"}"#]),
        Case("byte order mark and quoted header", "\(0xEF, 0xBB, 0xBF)\"a\",b\n1,2\n", .rfc4180, [
            #"{"a":"1","b":"2"}"#
        ]),
        Case("byte order mark without header", "\(0xEF, 0xBB, 0xBF)1\n2\n", Dialect(header: .none), [
            #"["1"]"#, #"["2"]"#,
        ]),
        Case("second byte order mark is data", "\(0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF)a\n1\n", .rfc4180, [
            "{\"\u{FEFF}a\":\"1\"}"
        ]),
        Case("byte order mark inside quotes is data", "\"\(0xEF, 0xBB, 0xBF)a\"\n1\n", .rfc4180, [
            "{\"\u{FEFF}a\":\"1\"}"
        ]),
        Case("byte order mark on a later line is data", "a\n\(0xEF, 0xBB, 0xBF)1\n", .rfc4180, [
            "{\"a\":\"\u{FEFF}1\"}"
        ]),
        Case(
            "byte order mark before a quote on a later line", "a\n\(0xEF, 0xBB, 0xBF)\"1\"\n", .rfc4180,
            [], CSVError(.quoteInPlain, offset: 5, record: 2, field: 1)
        ),
        Case("a line of a byte order mark is not blank", "a\n\(0xEF, 0xBB, 0xBF)\n", Dialect(blankLines: .error), [
            "{\"a\":\"\u{FEFF}\"}"
        ]),
        Case(
            "the byte order mark counts in offsets", "\(0xEF, 0xBB, 0xBF)a\nx\"\n", .rfc4180,
            [], CSVError(.quoteInPlain, offset: 6, record: 2, field: 1)
        ),
        Case(
            "blank line after the byte order mark", "\(0xEF, 0xBB, 0xBF)\na\n", Dialect(blankLines: .error),
            [], CSVError(.blankLine, offset: 3, record: 1, field: 1)
        ),
        Case(
            "two thirds of a byte order mark", "\(0xEF, 0xBB)a\n1\n", .rfc4180,
            [], CSVError(.invalidUTF8, offset: 0, record: 1, field: 1)
        ),
        Case("two thirds of a byte order mark, replaced", "\(0xEF, 0xBB)a\n1\n", .lenient, [#"{"�a":"1"}"#]),
        Case(
            "UTF-16, big-endian", "\(0xFE, 0xFF, 0)a", .rfc4180,
            [], CSVError(.utf16Input, offset: 0, record: 1, field: 1)
        ),
        Case(
            "UTF-16 mark alone", "\(0xFF, 0xFE)", Dialect(header: .names(["a"]), invalidUTF8: .replace),
            [], CSVError(.utf16Input, offset: 0, record: 1, field: 1)
        ),
        Case(
            "half a UTF-16 mark", "\(0xFF)", .rfc4180,
            [], CSVError(.invalidUTF8, offset: 0, record: 1, field: 1)
        ),
        Case(
            "UTF-16 mark after a blank line", "\n\(0xFF, 0xFE)\n", .rfc4180,
            [], CSVError(.invalidUTF8, offset: 1, record: 2, field: 1)
        ),
        Case(
            "UTF-16 mark after a byte order mark", "\(0xEF, 0xBB, 0xBF, 0xFF, 0xFE)\n", .rfc4180,
            [], CSVError(.invalidUTF8, offset: 3, record: 1, field: 1)
        ),
    ]
}
