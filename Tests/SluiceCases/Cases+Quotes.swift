// Cases of quotes where RFC 4180 allows them, in plain fields, before other text, and unterminated; and of bare CRs.

import SluiceCSV

extension Cases {
    // swift-format-ignore
    static let quotes: [Case] = [
        Case("delimiter inside quotes", "a,b\n\"1,2\",3\n", .rfc4180, [#"{"a":"1,2","b":"3"}"#]),
        Case("LF inside quotes", "a\n\"x\ny\"\n", .rfc4180, [#"{"a":"x\ny"}"#]),
        Case("CR LF inside quotes", "a\n\"x\r\ny\"\r\n", .rfc4180, [#"{"a":"x\r\ny"}"#]),
        Case("CR inside quotes", "a\n\"x\ry\"\n", .rfc4180, [#"{"a":"x\ry"}"#]),
        Case("only an LF inside quotes", "a\n\"\n\"\n", .rfc4180, [#"{"a":"\n"}"#]),
        Case("only a CR inside quotes before CR LF", "a\n\"\r\"\r\n", .rfc4180, [#"{"a":"\r"}"#]),
        Case("only a delimiter inside quotes", "a\n\",\"\n", .rfc4180, [#"{"a":","}"#]),
        Case("blank lines inside quotes", "a,b\n\"\n\n\",2\n", .rfc4180, [#"{"a":"\n\n","b":"2"}"#]),
        Case("one doubled quote", "a\n\"\"\"\"\n", .rfc4180, [#"{"a":"\""}"#]),
        Case("doubled quote first", "a\n\"\"\"x\"\n", .rfc4180, [#"{"a":"\"x"}"#]),
        Case("doubled quote last", "a\n\"x\"\"\"\n", .rfc4180, [#"{"a":"x\""}"#]),
        Case("doubled quote in the middle", "a\n\"x\"\"y\"\n", .rfc4180, [#"{"a":"x\"y"}"#]),
        Case("two doubled quotes in the middle", "a\n\"x\"\"\"\"y\"\n", .rfc4180, [#"{"a":"x\"\"y"}"#]),
        Case("doubled quotes around a delimiter", "a\n\"x\"\",\"\"y\"\n", .rfc4180, [#"{"a":"x\",\"y"}"#]),
        Case("doubled quotes around an LF", "a\n\"\"\"\n\"\"\"\n", .rfc4180, [#"{"a":"\"\n\""}"#]),
        Case("doubled quote before a delimiter inside quotes", "a,b\n\"x\"\",\",2\n", .rfc4180, [
            #"{"a":"x\",","b":"2"}"#
        ]),
        Case("doubled quote as the last bytes", "a\n\"x\"\"\"", .rfc4180, [#"{"a":"x\""}"#]),
        Case("empty quoted fields", "a,b\n\"\",\"\"\n", .rfc4180, [#"{"a":"","b":""}"#]),
        Case("everything quoted", "\"a\",\"b\"\r\n\"1\",\"2\"\r\n", .rfc4180, [#"{"a":"1","b":"2"}"#]),
        Case("quoted names", "\"a\n1\",\"b,2\",\"c\"\"3\"\n1,2,3\n", .rfc4180, [#"{"a\n1":"1","b,2":"2","c\"3":"3"}"#]),
        Case("spaces inside quotes", "a\n\" x \"\n", .rfc4180, [#"{"a":" x "}"#]),
        Case("apostrophes are no quotes", "a,b\n'1,2'\n", .rfc4180, [#"{"a":"'1","b":"2'"}"#]),
        Case("backslash does not escape a quote", "a\n\"x\\\"\n", .rfc4180, [#"{"a":"x\\"}"#]),
        Case("63 doubled quotes", "a\n\(0x22, times: 128)\n", .rfc4180, [
            #"{"a":""# + String(repeating: #"\""#, count: 63) + #""}"#
        ]),
        Case("closing quote after 61 bytes", "a,b\n\"\(0x78, times: 61)\",2\n", .rfc4180, [
            #"{"a":""# + String(repeating: "x", count: 61) + #"","b":"2"}"#
        ]),
        Case("a record of two lines is one record", "a\n\"x\ny\"\nz\"\n", .rfc4180, [
            #"{"a":"x\ny"}"#
        ], CSVError(.quoteInPlain, offset: 9, record: 3, field: 1)),
    ]

    // swift-format-ignore
    static let quotesInPlain: [Case] = [
        Case(
            "quote in plain, error", "a\nx\"y\"\n", .rfc4180,
            [], CSVError(.quoteInPlain, offset: 3, record: 2, field: 1)
        ),
        Case("quote in plain, data", "a\nx\"y\"\n", Dialect(quoteInPlain: .data), [#"{"a":"x\"y\""}"#]),
        Case(
            "quote at the end of plain, error", "a,b\n1,x\"\n", .rfc4180,
            [], CSVError(.quoteInPlain, offset: 7, record: 2, field: 2)
        ),
        Case(
            "quote at the end of plain, data", "a,b\n1,x\"\n", Dialect(quoteInPlain: .data),
            [#"{"a":"1","b":"x\""}"#]
        ),
        Case("quote as the last byte of plain, data", "a\nx\"", Dialect(quoteInPlain: .data), [#"{"a":"x\""}"#]),
        Case(
            "space before a quoted field, error", "a,b\n \"x,y\"\n", .rfc4180,
            [], CSVError(.quoteInPlain, offset: 5, record: 2, field: 1)
        ),
        Case("space before a quoted field, data", "a,b\n \"x,y\"\n", Dialect(quoteInPlain: .data), [
            #"{"a":" \"x","b":"y\""}"#
        ]),
        Case("line ends in plain end the record after quotes too", "a\nx\"1\n2\"\n", Dialect(quoteInPlain: .data), [
            #"{"a":"x\"1"}"#, #"{"a":"2\""}"#,
        ]),
        Case("doubled quotes in plain stay two", "a\nx\"\"y\n", Dialect(quoteInPlain: .data), [#"{"a":"x\"\"y"}"#]),
        Case("a plain field then a quoted one, data", "a,b\nx\",\"y,z\"\n", Dialect(quoteInPlain: .data), [
            #"{"a":"x\"","b":"y,z"}"#
        ]),
        Case("quote in a plain name, data", "a\"\n1\n", Dialect(quoteInPlain: .data), [#"{"a\"":"1"}"#]),
        Case(
            "data in plain does not allow text after a quote", "a,b\nx\",\"y\"z\n", Dialect(quoteInPlain: .data),
            [], CSVError(.textAfterQuote, offset: 10, record: 2, field: 2)
        ),
    ]

    // swift-format-ignore
    static let textAfterQuotes: [Case] = [
        Case(
            "text after a quote, error", "a\n\"x\"y\n", .rfc4180,
            [], CSVError(.textAfterQuote, offset: 5, record: 2, field: 1)
        ),
        Case("text after a quote, append", "a\n\"x\"y\n", Dialect(afterQuote: .append), [#"{"a":"xy"}"#]),
        Case("quotes in the text after a quote", "a\n\"x\"y\"z\"\"\n", Dialect(afterQuote: .append), [
            #"{"a":"xy\"z\"\""}"#
        ]),
        Case("a delimiter ends the text after a quote", "a,b\n\"x\"y\",z\n", Dialect(afterQuote: .append), [
            #"{"a":"xy\"","b":"z"}"#
        ]),
        Case("an LF ends the text after a quote", "a\n\"x\"y\"\nz\n", Dialect(afterQuote: .append), [
            #"{"a":"xy\""}"#, #"{"a":"z"}"#,
        ]),
        Case("CR LF ends the text after a quote", "a\n\"x\"y\"\r\nz\n", Dialect(afterQuote: .append), [
            #"{"a":"xy\""}"#, #"{"a":"z"}"#,
        ]),
        Case("text after a quote as the last bytes", "a\n\"x\"y", Dialect(afterQuote: .append), [#"{"a":"xy"}"#]),
        Case("two quoted parts", "a\n\"x\" \"y\"\n", Dialect(afterQuote: .append), [#"{"a":"x \"y\""}"#]),
        Case(
            "a delimiter between two quoted parts", "a,b\n\"x\" \"y,z\"\n",
            Dialect(quoteInPlain: .data, afterQuote: .append),
            [#"{"a":"x \"y","b":"z\""}"#]
        ),
        Case("text after quoted nothing", "a\n\"\"x\n", Dialect(afterQuote: .append), [#"{"a":"x"}"#]),
        Case(
            "space after a quote, error", "a,b\n\"x\" ,2\n", .rfc4180,
            [], CSVError(.textAfterQuote, offset: 7, record: 2, field: 1)
        ),
        Case("space after a quote, append", "a,b\n\"x\" ,2\n", Dialect(afterQuote: .append), [#"{"a":"x ","b":"2"}"#]),
        Case("text after a doubled and a closing quote", "a\n\"x\"\"\"y\n", Dialect(afterQuote: .append), [
            #"{"a":"x\"y"}"#
        ]),
        Case(
            "append does not allow quotes in plain", "a,b\n\"x\"y,z\"\n", Dialect(afterQuote: .append),
            [], CSVError(.quoteInPlain, offset: 10, record: 2, field: 2)
        ),
    ]

    // swift-format-ignore
    static let unterminated: [Case] = [
        Case(
            "quote as the last byte, error", "a\n\"", .rfc4180,
            [], CSVError(.unterminatedQuote, offset: 2, record: 2, field: 1)
        ),
        Case("quote as the last byte, close", "a\n\"", Dialect(unterminated: .close), [#"{"a":""}"#]),
        Case("unclosed, all to the end is data", "a,b\n1,\"x,2\n3", Dialect(unterminated: .close), [
            #"{"a":"1","b":"x,2\n3"}"#
        ]),
        Case("unclosed, the last CR LF is data", "a\n\"x\r\n", Dialect(unterminated: .close), [#"{"a":"x\r\n"}"#]),
        Case("unclosed, the last CR is data", "a\n\"x\r", Dialect(unterminated: .close), [#"{"a":"x\r"}"#]),
        Case("unclosed after one doubled quote", "a\n\"\"\"", Dialect(unterminated: .close), [#"{"a":"\""}"#]),
        Case(
            "unclosed with a doubled quote inside", "a\n\"x\"\"y\n", Dialect(unterminated: .close),
            [#"{"a":"x\"y\n"}"#]
        ),
        Case("a closed last field is closed once", "a\n\"x\"", Dialect(unterminated: .close), [#"{"a":"x"}"#]),
        Case(
            "unclosed header, error", "\"a\n1", .rfc4180,
            [], CSVError(.unterminatedQuote, offset: 0, record: 1, field: 1)
        ),
        Case("unclosed header, close", "\"a\n1", Dialect(unterminated: .close)),
        Case(
            "unclosed third field", "a,b,c\n\"1\",\"\"\"2\",\"3\n4,5,6\n", .rfc4180,
            [], CSVError(.unterminatedQuote, offset: 16, record: 2, field: 3)
        ),
        Case(
            "a closed record is ragged as any", "a,b\n\"1,2\n", Dialect(unterminated: .close),
            [], CSVError(.raggedRecord, offset: 4, record: 2, field: 2)
        ),
    ]

    // swift-format-ignore
    static let bareCRs: [Case] = [
        Case("bare CR, error", "a\n1\r2\n", .rfc4180, [], CSVError(.bareCR, offset: 3, record: 2, field: 1)),
        Case("bare CR, newline", "a\n1\r2\n", Dialect(bareCR: .newline), [#"{"a":"1"}"#, #"{"a":"2"}"#]),
        Case("bare CR, data", "a\n1\r2\n", Dialect(bareCR: .data), [#"{"a":"1\r2"}"#]),
        Case("last byte CR, newline", "a\n1\r", Dialect(bareCR: .newline), [#"{"a":"1"}"#]),
        Case("last byte CR, data", "a\n1\r", Dialect(bareCR: .data), [#"{"a":"1\r"}"#]),
        Case("bare CR first, error", "a,b\n\r,2\n", .rfc4180, [], CSVError(.bareCR, offset: 4, record: 2, field: 1)),
        Case("bare CR first, newline", "a,b\n\r,2\n", Dialect(bareCR: .newline), [#"{"a":"","b":"2"}"#]),
        Case("bare CR first, data", "a,b\n\r,2\n", Dialect(bareCR: .data), [#"{"a":"\r","b":"2"}"#]),
        Case("CR CR LF, error", "a\n1\r\r\n2\n", .rfc4180, [], CSVError(.bareCR, offset: 3, record: 2, field: 1)),
        Case("CR CR LF, newline", "a\n1\r\r\n2\n", Dialect(bareCR: .newline), [
            #"{"a":"1"}"#, #"{"a":""}"#, #"{"a":"2"}"#,
        ]),
        Case("CR CR LF, data", "a\n1\r\r\n2\n", Dialect(bareCR: .data), [#"{"a":"1\r"}"#, #"{"a":"2"}"#]),
        Case("LF CR, newline", "a,b\n\r1,2\n\r3,4\n\r", Dialect(bareCR: .newline), [
            #"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#,
        ]),
        Case("CR alone, newline", "\r", Dialect(bareCR: .newline)),
        Case("CR alone, data", "\r", Dialect(header: .none, bareCR: .data), [#"["\r"]"#]),
        Case(
            "a line of a CR is not blank when data", "a\n\r\r\n", Dialect(bareCR: .data, blankLines: .error),
            [#"{"a":"\r"}"#]
        ),
        Case(
            "CR as a blank line, error", "a,b\r1,2\r\r", Dialect(bareCR: .newline, blankLines: .error),
            [#"{"a":"1","b":"2"}"#], CSVError(.blankLine, offset: 8, record: 3, field: 1)
        ),
        Case("CR after a delimiter, data", "a,b\n1,\r\r\n", Dialect(bareCR: .data), [#"{"a":"1","b":"\r"}"#]),
        Case(
            "CR before a quote, data", "a,b\n1,\r\"2\"\n", Dialect(bareCR: .data),
            [], CSVError(.quoteInPlain, offset: 7, record: 2, field: 2)
        ),
        Case("CR inside quotes is no bare CR", "a\r\"x\ry\"\r", Dialect(bareCR: .newline), [#"{"a":"x\ry"}"#]),
        Case(
            "CR after a quote, error", "a\n\"x\"\r2\n", .rfc4180,
            [], CSVError(.bareCR, offset: 5, record: 2, field: 1)
        ),
        Case("CR after a quote, newline", "a\n\"x\"\r2\n", Dialect(bareCR: .newline), [#"{"a":"x"}"#, #"{"a":"2"}"#]),
        Case(
            "CR after a quote, data", "a\n\"x\"\r2\n", Dialect(bareCR: .data),
            [], CSVError(.textAfterQuote, offset: 5, record: 2, field: 1)
        ),
        Case("CR after a quote, data, append", "a\n\"x\"\r2\n", Dialect(bareCR: .data, afterQuote: .append), [
            #"{"a":"x\r2"}"#
        ]),
        Case(
            "CR after a quote, error, append", "a\n\"x\"\r2\n", Dialect(afterQuote: .append),
            [], CSVError(.bareCR, offset: 5, record: 2, field: 1)
        ),
        Case(
            "CR in text after a quote, error", "a\n\"x\"y\rz\n", Dialect(afterQuote: .append),
            [], CSVError(.bareCR, offset: 6, record: 2, field: 1)
        ),
        Case("CR in text after a quote, newline", "a\n\"x\"y\rz\n", Dialect(bareCR: .newline, afterQuote: .append), [
            #"{"a":"xy"}"#, #"{"a":"z"}"#,
        ]),
        Case("CR in text after a quote, data", "a\n\"x\"y\rz\n", Dialect(bareCR: .data, afterQuote: .append), [
            #"{"a":"xy\rz"}"#
        ]),
        Case("quote and CR as last bytes, error", "a\n\"x\"\r", .rfc4180, [], CSVError(.bareCR, offset: 5, record: 2)),
        Case("quote and CR as last bytes, newline", "a\n\"x\"\r", Dialect(bareCR: .newline), [#"{"a":"x"}"#]),
        Case("quote, CR and CR LF", "a\n\"x\"\r\r\n", Dialect(bareCR: .data, afterQuote: .append), [#"{"a":"x\r"}"#]),
    ]
}
