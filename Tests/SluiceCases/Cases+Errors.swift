// Cases of which of several errors is reported, and where.

import SluiceCSV

extension Cases {
    // swift-format-ignore
    static let errorOrder: [Case] = [
        Case("quotes before field counts", "a,b\n1,x\"y,3\n", .rfc4180, [], CSVError(
            .quoteInPlain, offset: 7, record: 2, field: 2
        )),
        Case("quotes before earlier UTF-8", "a,b\n\(0xFF),x\"\n", .rfc4180, [], CSVError(
            .quoteInPlain, offset: 7, record: 2, field: 2
        )),
        Case("field counts before UTF-8", "a,b\n\(0xFF)\n", .rfc4180, [], CSVError(
            .raggedRecord, offset: 4, record: 2, field: 2
        )),
        Case("UTF-8 before quotes in a later record", "a\n\(0xFF)\nx\"\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 2, record: 2, field: 1
        )),
        Case("field counts before quotes in a later record", "a\n1,2\nx\"\n", .rfc4180, [], CSVError(
            .raggedRecord, offset: 2, record: 2, field: 2
        )),
        Case("UTF-8 of the header before equal names", "a,a,\(0xFF)\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 4, record: 1, field: 3
        )),
        Case("quotes in the header before its UTF-8", "\(0xC3),x\"\n", .rfc4180, [], CSVError(
            .quoteInPlain, offset: 3, record: 1, field: 2
        )),
        Case("equal names before quotes in a later record", "a,a\nx\"\n", .rfc4180, [], CSVError(
            .duplicateHeader, offset: 0, record: 1, field: 2
        )),
        Case("blank line before quotes in a later record", "a\n\nx\"\n", Dialect(blankLines: .error), [], CSVError(
            .blankLine, offset: 2, record: 2, field: 1
        )),
        Case("bare CR, not a blank line", "a\n\r1\n", Dialect(blankLines: .error), [], CSVError(
            .bareCR, offset: 2, record: 2, field: 1
        )),
        Case("the first of two in a record", "a,b\nx\"1,\"y\"z\n", .rfc4180, [], CSVError(
            .quoteInPlain, offset: 5, record: 2, field: 1
        )),
        Case(
            "the second kind if the first is allowed", "a,b\nx\"1,\"y\"z\n", Dialect(quoteInPlain: .data),
            [], CSVError(.textAfterQuote, offset: 11, record: 2, field: 2)
        ),
        Case("unclosed after text after a quote", "a,b\n\"x\"y,\"z\n", .rfc4180, [], CSVError(
            .textAfterQuote, offset: 7, record: 2, field: 1
        )),
        Case("unclosed before field counts and UTF-8", "a,b,c\n\(0xFF),\"z\n", .rfc4180, [], CSVError(
            .unterminatedQuote, offset: 8, record: 2, field: 2
        )),
        Case("an unclosed quote hides what follows", "a,b\n\"x,1\n2,3\r4\n", .rfc4180, [], CSVError(
            .unterminatedQuote, offset: 4, record: 2, field: 1
        )),
        Case("bare CR before field counts", "a,b\n1\r2,3\n", .rfc4180, [], CSVError(
            .bareCR, offset: 5, record: 2, field: 1
        )),
        Case("CR as a line end makes a short record", "a,b\n1\r2,3\n", Dialect(bareCR: .newline), [], CSVError(
            .raggedRecord, offset: 4, record: 2, field: 2
        )),
        Case("UTF-16 before equal given names", "\(0xFE, 0xFF)", Dialect(header: .names(["a", "a"])), [], CSVError(
            .utf16Input, offset: 0, record: 1, field: 1
        )),
        Case(
            "equal given names before a blank line", "\n", Dialect(header: .names(["a", "a"]), blankLines: .error),
            [], CSVError(.duplicateHeader, offset: 0, record: 1, field: 2)
        ),
        Case("the first of two bad fields", "a,b\n\(0xC3),\(0xC4)\n", .rfc4180, [], CSVError(
            .invalidUTF8, offset: 4, record: 2, field: 1
        )),
    ]

    // swift-format-ignore
    static let errorPlaces: [Case] = [
        Case("bare CR in the header", "a,b\r1,2\r", .rfc4180, [], CSVError(.bareCR, offset: 3, record: 1, field: 2)),
        Case("quote in a plain name", "a,b\"\n", .rfc4180, [], CSVError(.quoteInPlain, offset: 3, record: 1, field: 2)),
        Case("text after a quoted name", "\"a\"b,c\n", .rfc4180, [], CSVError(
            .textAfterQuote, offset: 3, record: 1, field: 1
        )),
        Case("unclosed name after a byte order mark", "\(0xEF, 0xBB, 0xBF)a,\"b\n", .rfc4180, [], CSVError(
            .unterminatedQuote, offset: 5, record: 1, field: 2
        )),
        Case("text after a quote on the second line of a field", "a,b\n1,\"x\ny\"z\n", .rfc4180, [], CSVError(
            .textAfterQuote, offset: 11, record: 2, field: 2
        )),
        Case("bare CR after rows of both line ends", "a\r\n1\r\n2\n3\r4\n", .rfc4180, [
            #"{"a":"1"}"#, #"{"a":"2"}"#,
        ], CSVError(.bareCR, offset: 9, record: 4, field: 1)),
        Case("quote in plain in the fourth field", "a,b,c,d\n1,\"2\",,4\"\n", .rfc4180, [], CSVError(
            .quoteInPlain, offset: 16, record: 2, field: 4
        )),
        Case("short record after a field of two lines", "a,b\n\"1\n\",2\n3\n", .rfc4180, [
            #"{"a":"1\n","b":"2"}"#
        ], CSVError(.raggedRecord, offset: 11, record: 3, field: 2)),
        Case("error without header", "1,2\n3,x\"\n", Dialect(header: .none), [#"["1","2"]"#], CSVError(
            .quoteInPlain, offset: 7, record: 2, field: 2
        )),
        Case("error in the first record with given names", "x\"\n", Dialect(header: .names(["a"])), [], CSVError(
            .quoteInPlain, offset: 1, record: 1, field: 1
        )),
        Case("error at byte 64", "a\n\(0x78, times: 62)\"\n", .rfc4180, [], CSVError(
            .quoteInPlain, offset: 64, record: 2, field: 1
        )),
        Case("no blank line after the last EOL", "a\n1\n", Dialect(blankLines: .error), [#"{"a":"1"}"#]),
        Case("blank line as a CR LF", "a\r\n1\r\n\r\n", Dialect(blankLines: .error), [#"{"a":"1"}"#], CSVError(
            .blankLine, offset: 6, record: 3, field: 1
        )),
    ]
}
