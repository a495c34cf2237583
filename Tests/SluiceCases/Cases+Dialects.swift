// Cases of what files need that are not plain tables: lines before the header, comments, escapes, other delimiters.

import SluiceCSV

extension Cases {
    private static func dialect(_ base: Dialect = .rfc4180, _ change: (inout Dialect) -> Void) -> Dialect {
        var dialect = base
        change(&dialect)
        return dialect
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func lines(_ count: Int) -> Dialect { dialect { $0.skippedLines = count } }

    private static func rows(_ rows: [Int], join: String = " ", then skipped: Int = 0) -> Dialect {
        dialect { ($0.headerRows, $0.headerJoin, $0.skippedAfterHeader) = (rows, join, skipped) }
    }

    private static func after(_ count: Int, _ header: Dialect.HeaderSource = .firstRecord) -> Dialect {
        dialect { ($0.skippedAfterHeader, $0.header) = (count, header) }
    }

    private static func comments(_ texts: String..., base: Dialect = .rfc4180) -> Dialect {
        dialect(base) { $0.comments = texts.map(bytes) }
    }

    private static func escape(_ base: Dialect = .rfc4180, doubles: Bool = true) -> Dialect {
        dialect(base) { ($0.escape, $0.doublesQuotes) = (0x5C, doubles) }
    }

    private static func delimiter(_ text: String) -> Dialect {
        dialect { ($0.delimiter, $0.delimiterTail) = (bytes(text)[0], Array(bytes(text).dropFirst())) }
    }

    private static func trim(_ trim: Dialect.Trim, _ base: Dialect = .rfc4180) -> Dialect {
        dialect(base) { $0.trim = trim }
    }

    private static let unquoted = dialect { $0.usesQuotes = false }
    private static let sepLine = dialect { $0.sepLine = .use }

    // swift-format-ignore
    static let starts: [Case] = [
        Case("skipped lines", "x\n\"y\n\nid,qty\n1,5\n", lines(3), [#"{"id":"1","qty":"5"}"#]),
        Case("skipped lines after a mark, CR LF", "\u{FEFF}x,\"\r\nid\r\n1\r\n", lines(1), [#"{"id":"1"}"#]),
        Case("skipped lines need not be UTF-8", "\(0xFF)\na\n1\n", lines(1), [#"{"a":"1"}"#]),
        Case("skipped lines that are longer than a segment or a chunk", "\(0x22, times: 300)\n\(0x78, times: 300)\na,b\n1,2\n", lines(2), [
            #"{"a":"1","b":"2"}"#
        ]),
        Case("more skipped lines than lines", "a\n1", lines(3)),
        Case("as many skipped lines as lines", "a\n1\n", lines(2)),
        Case("records count from the first line that is not skipped", "x\n\na,b\n1\n", lines(1), [],
             CSVError(.raggedRecord, offset: 7, record: 3, field: 2)),
        Case("a bare CR in a skipped line", "x\ry\na\n1\n", lines(1), [], CSVError(.bareCR, offset: 1, record: 1)),
        Case("a bare CR ends a skipped line", "x\ra\r1\r", dialect(.lenient) { $0.skippedLines = 1 }, [#"{"a":"1"}"#]),
        Case("a bare CR is data in a skipped line", "x\ry\na\n1\n", dialect(Dialect(bareCR: .data)) { $0.skippedLines = 1 }, [
            #"{"a":"1"}"#
        ]),
        Case("a skipped line that is too long", "xyzxyz\na\n1\n", dialect(Dialect(maxRecord: 5)) { $0.skippedLines = 1 }, [],
             CSVError(.recordTooLong, offset: 0, record: 1)),
        Case("a skipped sep= line", "sep=;\na,b\n1,2\n", lines(1), [#"{"a":"1","b":"2"}"#]),
        Case("skipped lines before given names", "x\n1\n", dialect(Dialect(header: .names(["n"]))) { $0.skippedLines = 1 }, [#"{"n":"1"}"#]),
        Case("skipped lines without a header", "x\n1\n", dialect(Dialect(header: .none)) { $0.skippedLines = 1 }, [#"["1"]"#]),

        Case("two header rows", "Person,,Order\nname,age,\n1,2,3\n", rows([1, 2]), [#"{"Person name":"1","age":"2","Order":"3"}"#]),
        Case("a shorter header row", "fruit\nid,name\n1,2\n", rows([1, 2]), [#"{"fruit id":"1","fruit name":"2"}"#]),
        Case("a shorter second header row", "a,b,c\nx,y\n1,2,3\n", rows([1, 2]), [#"{"a x":"1","b y":"2","c y":"3"}"#]),
        Case("header rows, another join", "a,b\nc,d\n1,2\n", rows([1, 2], join: "."), [#"{"a.c":"1","b.d":"2"}"#]),
        Case("header rows, no join", "a,b\nc,d\n1,2\n", rows([1, 2], join: ""), [#"{"ac":"1","bd":"2"}"#]),
        Case("a short header row", "a\nc,d\n1,2\n", rows([1, 2]), [#"{"a c":"1","a d":"2"}"#]),
        Case("a short last header row", "a,b\nc\n1,2\n", rows([1, 2]), [#"{"a c":"1","b c":"2"}"#]),
        Case("a short header row that ends with an empty value", "a,\nc,d,e\n1,2,3\n", rows([1, 2]), [#"{"a c":"1","d":"2","e":"3"}"#]),
        Case("two short header rows", "a\nb\nc,d\n1,2\n", rows([1, 2, 3]), [#"{"a b c":"1","a b d":"2"}"#]),
        Case("a quoted header row", "\"a\nx\",\"\"\nc,d\n1,2\n", rows([1, 2]), [#"{"a\nx c":"1","d":"2"}"#]),
        Case("records before and between header rows", "x\n\na,b\ny,z,\"\"\"\"\nc,d\n1,2\n", rows([2, 4]), [#"{"a c":"1","b d":"2"}"#]),
        Case("too few header rows", "a,b\n", rows([1, 2])),
        Case("a header row that is not UTF-8", "a\(0xFF)\nb\n", rows([1, 2]), [], CSVError(.invalidUTF8, offset: 1, record: 1)),
        Case("a record between that is not UTF-8", "\(0xFF)\nb\n1\n", rows([2]), [#"{"b":"1"}"#]),
        Case("header rows with equal names", "a,a\n,\n1,2\n", rows([1, 2]), [], CSVError(.duplicateHeader, offset: 4, record: 2, field: 2)),
        Case("header rows with different names together", "a,a\nx,y\n1,2\n", rows([1, 2]), [#"{"a x":"1","a y":"2"}"#]),
        Case("NUL in a header row", "a\0\nb\n1\n", rows([1, 2]), [], CSVError(.nulInName, offset: 3, record: 2)),
        Case("header rows and a skipped record", "a\nb\nunit\n1\n", rows([1, 2], then: 1), [#"{"a b":"1"}"#]),

        Case("a skipped record after the header", "ET,V\n[h],[V]\n0.0,0.05\n", after(1), [#"{"ET":"0.0","V":"0.05"}"#]),
        Case("skipped records need not fit the header or be UTF-8", "a,b\n\"x\ny\",\(0xFF),z\nu\n1,2\n", after(2), [#"{"a":"1","b":"2"}"#]),
        Case("a skipped record must end somewhere", "a,b\nx\"y\n1,2\n", after(1), [], CSVError(.quoteInPlain, offset: 5, record: 2)),
        Case("blank lines are not skipped records", "a,b\n\n\nx,y\n1,2\n", after(1), [#"{"a":"1","b":"2"}"#]),
        Case("blank lines in one column are", "a\n\n1\n", after(1), [#"{"a":"1"}"#]),
        Case("more skipped records than records", "a,b\n1,2\n", after(2)),
        Case("skipped records without a header", "x,y,z\n1,2\n", after(1, .none), [#"["1","2"]"#]),
        Case("skipped records before given names", "x\n1\n", after(1, .names(["n"])), [#"{"n":"1"}"#]),

        Case("a sep= line names the delimiter", "sep=;\nid;price\n1;2,50\n", sepLine, [#"{"id":"1","price":"2,50"}"#]),
        Case("a quoted sep= line names it", "\u{FEFF}\"SEP=\t\"\r\na\tb\r\n1\t2\r\n", sepLine, [#"{"a":"1","b":"2"}"#]),
        Case("no sep= line", "a,b\n1,2\n", sepLine, [#"{"a":"1","b":"2"}"#]),
        Case("a sep= line alone", "sep=;", sepLine),
        Case("records count after a sep= line", "sep=;\na;b\n1\n", sepLine, [], CSVError(.raggedRecord, offset: 10, record: 2, field: 2)),
        Case("a sep= line that names the quote", "sep='\na\n1\n", dialect(Dialect(quote: 0x27)) { $0.sepLine = .use }, [], CSVError(.sepLine, offset: 0, record: 1)),
        Case("a sep= line that names the usual quote", "sep=\"\na\n", sepLine, [], CSVError(.sepLine, offset: 0, record: 1)),
        Case("a sep= line and skipped lines", "sep=;\nx\na;b\n1;2\n", dialect { ($0.sepLine, $0.skippedLines) = (.use, 2) }, [#"{"a":"1","b":"2"}"#]),
        Case("a sep= line before given names", "sep=;\n1;2\n", dialect(Dialect(header: .names(["x", "y"]))) { $0.sepLine = .use }, [
            #"{"x":"1","y":"2"}"#
        ]),
        Case("a sep= line that ends with CR", "sep=;\ra;b\r1;2\r", sepLine, [], CSVError(.sepLine, offset: 0, record: 1)),
        Case("a sep= line that ends with CR, lenient", "sep=;\ra;b\r1;2\r", dialect(.lenient) { $0.sepLine = .use }, [#"{"a":"1","b":"2"}"#]),
        Case("a second sep= line is a record", "sep=;\nsep=,\n1\n", sepLine, [#"{"sep=,":"1"}"#]),
    ]

    // swift-format-ignore
    static let commentLines: [Case] = [
        Case("comments", "# x\nid,qty\n#\"y\n1,5\n#2,6\n", comments("#"), [#"{"id":"1","qty":"5"}"#]),
        Case("comments take record numbers", "# x\na,b\n#\n1\n", comments("#"), [], CSVError(.raggedRecord, offset: 10, record: 4, field: 2)),
        Case("comments of several texts", "id\n1\nTotal,1\nSource: x\n", comments("Total", "Source:"), [#"{"id":"1"}"#]),
        Case("the start of a comment text is no comment", "id\nTota\nTotal", comments("Total"), [#"{"id":"Tota"}"#]),
        Case("a comment text in a value", "a\n1#2\n\"#3\n#4\"\n", comments("#"), [#"{"a":"1#2"}"#, ##"{"a":"#3\n#4"}"##]),
        Case("a quoted value keeps a line that looks like a comment", "a,b\n1,\"x\n#y\",\"\n2,3\n", comments("#", base: Dialect(ragged: .pad)), [],
             CSVError(.unterminatedQuote, offset: 13, record: 2, field: 3)),
        Case("quotes in comments", "a,b\n#\"\n1,2\n#\"\n3,4\n#it's \"\n5,6\n", comments("#"), [
            #"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#, #"{"a":"5","b":"6"}"#,
        ]),
        Case("a comment in a column of blank lines", "a\n#\n\n1\n", comments("#"), [#"{"a":""}"#, #"{"a":"1"}"#]),
        Case("a comment at the end", "a\n1\n# x", comments("#"), [#"{"a":"1"}"#]),
        Case("a space before a comment text", "a\n #1\n", comments("#"), [##"{"a":" #1"}"##]),
        Case("a comment that is not UTF-8", "a\n#\(0xFF)\n1\n", comments("#"), [#"{"a":"1"}"#]),
        Case("a comment text beyond ASCII", "a\n§ x\n1\n", comments("§"), [#"{"a":"1"}"#]),
        Case("a bare CR in a comment", "a\n#x\ry\n1\n", comments("#"), [], CSVError(.bareCR, offset: 4, record: 2)),
        Case("a bare CR ends a comment", "a\r#x\r1\r", comments("#", base: .lenient), [#"{"a":"1"}"#]),
        Case("a comment that is too long", "a\n#x\n#xyz\n", comments("#", base: Dialect(maxRecord: 3)), [], CSVError(.recordTooLong, offset: 5, record: 3)),
        Case("comments among header rows and skipped records", "#\na\n#\nb\n#\nu\n#\n1\n", dialect {
            ($0.comments, $0.headerRows, $0.skippedAfterHeader) = ([bytes("#")], [1, 2], 1)
        }, [#"{"a b":"1"}"#]),
        Case("comments without a header", "#\n1,2\n#3\n", comments("#", base: Dialect(header: .none)), [#"["1","2"]"#]),
        Case("many comments", Bytes(stringLiteral: "a\n" + String(repeating: "#\"\n1\n", count: 200)), comments("#"),
             Array(repeating: #"{"a":"1"}"#, count: 200)),
    ]

    // swift-format-ignore
    static let escapeCharacters: [Case] = [
        Case("escaped quotes and delimiters", "id,t\n1,\"TV 50\\\" wide\"\n2,\"a\\,b\"\n3,a\\,b\n", escape(), [
            #"{"id":"1","t":"TV 50\" wide"}"#, #"{"id":"2","t":"a,b"}"#, #"{"id":"3","t":"a,b"}"#,
        ]),
        Case("an escaped escape character", "a\n\\\\\n\"\\\\\"\n", escape(), [#"{"a":"\\"}"#, #"{"a":"\\"}"#]),
        Case("other bytes after an escape character are data", "a\n\\N\n\"\\n\"\n", escape(), [#"{"a":"N"}"#, #"{"a":"n"}"#]),
        Case("an escaped line end", "a,b\n1\\\n2,3\n", escape(), [#"{"a":"1\n2","b":"3"}"#]),
        Case("only the CR of an escaped CR LF is data", "a\n1\\\r\n2\n", escape(), [#"{"a":"1\r"}"#, #"{"a":"2"}"#]),
        Case("an escaped quote at a field's start", "a\n\\\"x\\\"\n", escape(), [#"{"a":"\"x\""}"#]),
        Case("doubled quotes with an escape character", "a\n\"x\"\"y\\\"\"\n", escape(), [#"{"a":"x\"y\""}"#]),
        Case("doubled quotes if they are not allowed", "a\n\"x\"\"y\"\n", escape(doubles: false), [], CSVError(.textAfterQuote, offset: 5, record: 2)),
        Case("text after a quote that is not doubled", "a\n\"x\"\"y\"\n", escape(.lenient, doubles: false), [#"{"a":"x\"y\""}"#]),
        Case("an escape character as the last byte", "a\nx\\", escape(), [#"{"a":"x\\"}"#]),
        Case("an escape character as the last byte, in quotes", "a\n\"x\\", escape(), [], CSVError(.unterminatedQuote, offset: 2, record: 2)),
        Case("an escape character as the last byte, in quotes, lenient", "a\n\"x\\", escape(.lenient), [#"{"a":"x\\"}"#]),
        Case("an escaped quote never closes", "a\n\"x\\\"\n", escape(), [], CSVError(.unterminatedQuote, offset: 2, record: 2)),
        Case("an escape character after a closing quote", "a\n\"x\"\\y\n", escape(), [], CSVError(.textAfterQuote, offset: 5, record: 2)),
        Case("an escape character after a closing quote, lenient", "a\n\"x\"\\\"y\n", escape(.lenient), [#"{"a":"x\"y"}"#]),
        Case("a quote in a plain field that is not escaped", "a\nx\\\"y\"\n", escape(), [], CSVError(.quoteInPlain, offset: 6, record: 2)),
        Case("an escaped name", "a\\,b\n1\n", escape(), [#"{"a,b":"1"}"#]),
        Case("an escape character in the middle of UTF-8", "a\n\(0xC3)\\\(0xA9)\n", escape(), [], CSVError(.invalidUTF8, offset: 2, record: 2)),
        Case("an escape character in the middle of UTF-8, lenient", "a\n\(0xC3)\\\(0xA9)\n", escape(.lenient), ["{\"a\":\"\u{FFFD}\u{FFFD}\"}"]),
        Case("an escaped byte counts for the limit", "a\n1\\2\n", escape(Dialect(maxRecord: 2)), [], CSVError(.recordTooLong, offset: 2, record: 2)),
        Case("an escaped bare CR is data", "a\n1\\\r2\n", escape(), [#"{"a":"1\r2"}"#]),
        Case("an escaped comment is none", "a\n\\#1\n#2\n", dialect(escape()) { $0.comments = [bytes("#")] }, [##"{"a":"#1"}"##]),
        Case("a line after an escaped line end is no comment", "a\n1\\\n#2\n", dialect(escape()) { $0.comments = [bytes("#")] }, [##"{"a":"1\n#2"}"##]),
        Case("escaped delimiters, a short record", "a,b\n1\\,2\n", escape(Dialect(ragged: .pad)), [#"{"a":"1,2","b":""}"#]),
        Case("many escapes", Bytes(stringLiteral: "a,b\n" + String(repeating: "\"x\\\"\",y\\,z\n1,2\n", count: 100)), escape(),
             (0..<100).flatMap { _ in [#"{"a":"x\"","b":"y,z"}"#, #"{"a":"1","b":"2"}"#] }),
    ]

    // swift-format-ignore
    static let delimitersAndSpaces: [Case] = [
        Case("a delimiter of two bytes", "id||name\n1||a|b\n", delimiter("||"), [#"{"id":"1","name":"a|b"}"#]),
        Case("a delimiter of two bytes, quoted", "a||b\n\"1||\"||\"\"\"\"\n", delimiter("||"), [#"{"a":"1||","b":"\""}"#]),
        Case("a delimiter of two bytes, from the left", "a||b\n1|||2\n", delimiter("||"), [#"{"a":"1","b":"|2"}"#]),
        Case("half of a delimiter at the end", "a||b\n1||2|", delimiter("||"), [#"{"a":"1","b":"2|"}"#]),
        Case("half of a delimiter after a quote", "a||b\n\"1\"|2\n", delimiter("||"), [], CSVError(.textAfterQuote, offset: 8, record: 2)),
        Case("a delimiter beyond ASCII", "a§b\n1§\u{A8}\n", delimiter("§"), ["{\"a\":\"1\",\"b\":\"\u{A8}\"}"]),
        Case("a delimiter of eight bytes", "a=======>b\n1=======>2\n", delimiter("=======>"), [#"{"a":"1","b":"2"}"#]),
        Case("a delimiter with spaces", "a | b\n1 | 2\n", delimiter(" | "), [#"{"a":"1","b":"2"}"#]),

        Case("no quotes", "id\tname\n1\t\"Kos\" Theatre\n2\t20\"\n3\t\"\n", dialect(unquoted) { $0.delimiter = 9 }, [
            #"{"id":"1","name":"\"Kos\" Theatre"}"#, #"{"id":"2","name":"20\""}"#, #"{"id":"3","name":"\""}"#,
        ]),
        Case("no quotes around line ends", "a,b\n\"1,2\n3\",4\n", unquoted, [#"{"a":"\"1","b":"2"}"#, #"{"a":"3\"","b":"4"}"#]),
        Case("no quotes, bytes that are not UTF-8", "a,b\n\(0xFF),\(0xFF)\n1,2\n", dialect(.lenient) { $0.usesQuotes = false }, [
            "{\"a\":\"\u{FFFD}\",\"b\":\"\u{FFFD}\"}", #"{"a":"1","b":"2"}"#,
        ]),
        Case("no quotes, one byte that is not UTF-8", "a\n1\n\(0xFF)\n2\n3\n", dialect(.lenient) { $0.usesQuotes = false }, [
            #"{"a":"1"}"#, "{\"a\":\"\u{FFFD}\"}", #"{"a":"2"}"#, #"{"a":"3"}"#,
        ]),
        Case("no quotes, escaped delimiters", "a,b\n1\\,2,\"\n", dialect(escape()) { $0.usesQuotes = false }, [#"{"a":"1,2","b":"\""}"#]),

        Case("spaces around values", "a , b\n 1\t, 2 x \n", trim(.spaces), [#"{"a":"1","b":"2 x"}"#]),
        Case("spaces around quotes", "\"a\" , \"b\"\n \" 1 \" ,\"2\"\t\n", trim(.spaces), [#"{"a":" 1 ","b":"2"}"#]),
        Case("spaces around a quoted delimiter", "Year, \"Q,ty\"\n2015, \"3,45\"\n", trim(.spaces), [#"{"Year":"2015","Q,ty":"3,45"}"#]),
        Case("spaces alone", "a,b\n  ,\t\n", trim(.spaces), [#"{"a":"","b":""}"#]),
        Case("a line of spaces is not blank", "a\n  \n", trim(.spaces), [#"{"a":""}"#]),
        Case("text after a quote and a space", "a\n\"1\" x\n", trim(.spaces), [], CSVError(.textAfterQuote, offset: 6, record: 2)),
        Case("text after a quote and a space, lenient", "a\n\"1\" x \n", trim(.spaces, .lenient), [#"{"a":"1 x"}"#]),
        Case("spaces at the end of the input", "a\n1 ", trim(.spaces), [#"{"a":"1"}"#]),
        Case("spaces before CR LF", "a,b\r\n1 ,2 \r\n", trim(.spaces), [#"{"a":"1","b":"2"}"#]),
        Case("spaces after delimiters", " a, b \n 1,  \"2\"\n", trim(.initial), [#"{" a":" 1","b ":"2"}"#]),
        Case("spaces after a quote are not after a delimiter", "a,b\n1, \"2\" \n", trim(.initial), [], CSVError(.textAfterQuote, offset: 10, record: 2, field: 2)),
        Case("a tab after a delimiter is no space", "a,b\n1,\t2\n", trim(.initial), [#"{"a":"1","b":"\t2"}"#]),
        Case("tabs that separate fields are not trimmed", "a\tb\n\t 2\n", dialect(trim(.spaces)) { $0.delimiter = 9 }, [#"{"a":"","b":"2"}"#]),
        Case("escaped spaces are not trimmed", "a\n\\ 1\\ \n", dialect(escape()) { $0.trim = .spaces }, [#"{"a":" 1 "}"#]),
        Case("surplus spaces are empty fields", "a\n1, \n", trim(.spaces, Dialect(ragged: .truncate)), [#"{"a":"1"}"#]),
        Case("one value with spaces among many", Bytes(stringLiteral: "a,b\n" + String(repeating: "1,2\n3, 4\n5,6\n", count: 60)), trim(.spaces),
             (0..<60).flatMap { _ in [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#, #"{"a":"5","b":"6"}"#] }),
    ]
}
