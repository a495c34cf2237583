// Cases of JSON escapes, of the two noncharacters that are escaped, and of unusual delimiters and quotes.

import SluiceCSV

extension Cases {
    // swift-format-ignore
    static let escapes: [Case] = [
        Case("quote and backslash", "a\n\"\"\"\\\"\n", .rfc4180, [#"{"a":"\"\\"}"#]),
        Case("backslash in plain", "a\n\\\\n\\u0041\n", .rfc4180, [#"{"a":"\\\\n\\u0041"}"#]),
        Case("slash is never escaped", "a\n</script>\n", .rfc4180, [#"{"a":"</script>"}"#]),
        Case("the escapes of one letter", "a\n\"\(8, 9, 10, 12, 13)\"\n", .rfc4180, [#"{"a":"\b\t\n\f\r"}"#]),
        Case("U+0000 to U+0007", "a\n\(0, 1, 2, 3, 4, 5, 6, 7)\n", .rfc4180, [
            #"{"a":"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007"}"#
        ]),
        Case("U+0008 to U+000F", "a\n\"\(8, 9, 10, 11, 12, 13, 14, 15)\"\n", .rfc4180, [
            #"{"a":"\b\t\n\u000b\f\r\u000e\u000f"}"#
        ]),
        Case("U+0010 to U+0017", "a\n\(0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17)\n", .rfc4180, [
            #"{"a":"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017"}"#
        ]),
        Case("U+0018 to U+001F", "a\n\(0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F)\n", .rfc4180, [
            #"{"a":"\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"}"#
        ]),
        Case("U+007F and U+0080 to U+009F are raw", "a\n\u{7F}\u{80}\u{9F}\n", .rfc4180, [
            "{\"a\":\"\u{7F}\u{80}\u{9F}\"}"
        ]),
        Case("U+2028 and U+2029 are raw", "a\n\u{2028}\u{2029}\n", .rfc4180, ["{\"a\":\"\u{2028}\u{2029}\"}"]),
        Case("printable ASCII is raw", "a\n\" !#$%&'()*+,-./0:;<=>?@A[]^_`a{|}~\"\n", .rfc4180, [
            ##"{"a":" !#$%&'()*+,-./0:;<=>?@A[]^_`a{|}~"}"##
        ]),
        Case("names are escaped", "\"\"\"\\\n\(0)\"\n1\n", Dialect(nulInNames: .data), [#"{"\"\\\n\u0000":"1"}"#]),
        Case("NUL is data everywhere", "\(0),b\n\(0),\(0)\n", Dialect(nulInNames: .data), [
            #"{"\u0000":"\u0000","b":"\u0000"}"#
        ]),
        Case("NUL in a name", "a,b\(0),b\(0)\n1,2,3\n", .rfc4180, [], CSVError(
            .nulInName, offset: 0, record: 1, field: 2
        )),
        Case("NUL in a given name", "1\n", Dialect(header: .names(["\0"])), [], CSVError(
            .nulInName, offset: 0, record: 1, field: 1
        )),
        Case("NUL in a name after a blank line", "\n\(0)\n", .rfc4180, [], CSVError(
            .nulInName, offset: 1, record: 2, field: 1
        )),
        Case("NUL after a quote is text", "a\n\"x\"\(0)\n", .rfc4180, [], CSVError(
            .textAfterQuote, offset: 5, record: 2, field: 1
        )),
        Case("a line of a NUL is not blank", "a\n\(0)\n", Dialect(blankLines: .error), [#"{"a":"\u0000"}"#]),
        Case("arrays are escaped", "\t,\"\"\"\"\n", Dialect(header: .none), [#"["\t","\""]"#]),
    ]

    // swift-format-ignore
    static let nonCharacters: [Case] = [
        Case("U+FFFE", "a\n\u{FFFE}\n", .rfc4180, [#"{"a":"\ufffe"}"#]),
        Case("U+FFFF", "a\n\u{FFFF}\n", .rfc4180, [#"{"a":"\uffff"}"#]),
        Case("U+FFFE and U+FFFF between letters", "a,b\nx\u{FFFE}y,\"\u{FFFF}\u{FFFF}\"\n", .rfc4180, [
            #"{"a":"x\ufffey","b":"\uffff\uffff"}"#
        ]),
        Case("U+FFFE and U+FFFF in names", "\u{FFFE},\u{FFFF}\n1,2\n", .rfc4180, [#"{"\ufffe":"1","\uffff":"2"}"#]),
        Case("U+FFFD is raw", "a\n\u{FFFD}\u{FFFE}\u{FFFD}\n", .rfc4180, [#"{"a":"�\ufffe�"}"#]),
        Case("U+FF0C is raw", "a\n\u{FF0C}\u{FFFF}\u{FF0C}\n", .rfc4180, ["{\"a\":\"\u{FF0C}\\uffff\u{FF0C}\"}"]),
        Case("U+FFBE, U+FFBF and U+FEFF are raw", "a\n\u{FFBE}\u{FFBF}\u{FEFF}\n", .rfc4180, [
            "{\"a\":\"\u{FFBE}\u{FFBF}\u{FEFF}\"}"
        ]),
        Case("U+EFFE and U+EFFF are raw", "a\n\u{EFFE}\u{EFFF}\n", .rfc4180, ["{\"a\":\"\u{EFFE}\u{EFFF}\"}"]),
        // Swift has no literals for these two.
        Case("U+FDD0 and U+FDEF are raw", "a\n\(0xEF, 0xB7, 0x90, 0xEF, 0xB7, 0xAF)\n", .rfc4180, [
            #"{"a":""# + String(decoding: [0xEF, 0xB7, 0x90, 0xEF, 0xB7, 0xAF] as [UInt8], as: UTF8.self) + #""}"#
        ]),
        Case("U+1FFFE and U+10FFFF are raw", "a\n\u{1FFFE}\u{1FFFF}\u{10FFFE}\u{10FFFF}\n", .rfc4180, [
            "{\"a\":\"\u{1FFFE}\u{1FFFF}\u{10FFFE}\u{10FFFF}\"}"
        ]),
        Case("U+3FFFE, which has the bytes BF BF BE, is raw", "a\n\u{3FFFE}\u{3FFFF}\n", .rfc4180, [
            "{\"a\":\"\u{3FFFE}\u{3FFFF}\"}"
        ]),
        Case("an unfinished U+FFFE is replaced", "a\n\(0xEF, 0xBF)\u{FFFE}\n", .lenient, [#"{"a":"�\ufffe"}"#]),
        Case(
            "U+FFFE across a closing quote is not U+FFFE", "a\n\"\(0xEF, 0xBF)\"\(0xBE)\n", .lenient,
            [#"{"a":"��"}"#]
        ),
        Case("U+FFFE at byte 64", "a\n\(0x78, times: 61)\u{FFFE}\u{FFFF}y\n", .rfc4180, [
            #"{"a":""# + String(repeating: "x", count: 61) + #"\ufffe\uffffy"}"#
        ]),
    ]

    // swift-format-ignore
    static let customBytes: [Case] = [
        Case("tab", "a\tb\n\"1\t2\"\t3,4\n", Dialect(delimiter: 0x09), [#"{"a":"1\t2","b":"3,4"}"#]),
        Case("semicolon", "a;b\n1,5;\"2;\"\n", Dialect(delimiter: 0x3B), [#"{"a":"1,5","b":"2;"}"#]),
        Case("pipe", "a|b\n1|\"|\"\n", Dialect(delimiter: 0x7C), [#"{"a":"1","b":"|"}"#]),
        Case("space", "a b\n\"1 2\" 3\n  \n", Dialect(delimiter: 0x20, ragged: .pad), [
            #"{"a":"1 2","b":"3"}"#, #"{"a":"","b":"","_3":""}"#,
        ]),
        Case("backslash as delimiter", "a\\b\n1\\\"\\\"\n", Dialect(delimiter: 0x5C), [#"{"a":"1","b":"\\"}"#]),
        Case("unit separator", "a\(0x1F)b\n1\(0x1F)\"\(0x1F)\"\n", Dialect(delimiter: 0x1F), [
            #"{"a":"1","b":"\u001f"}"#
        ]),
        Case("NUL as delimiter", "a\(0)b\n1\(0)\"\(0)\"\n", Dialect(delimiter: 0), [#"{"a":"1","b":"\u0000"}"#]),
        Case("DEL as delimiter", "a\(0x7F)b\n1\(0x7F)2\n", Dialect(delimiter: 0x7F), [#"{"a":"1","b":"2"}"#]),
        Case("a letter as delimiter", "axb\n1x\"x\"\n", Dialect(delimiter: 0x78), [#"{"a":"1","b":"x"}"#]),
        Case(
            "apostrophe as quote", "a,b\n'it''s, \"so\"',\"\n", Dialect(quote: 0x27),
            [#"{"a":"it's, \"so\"","b":"\""}"#]
        ),
        Case("backslash as quote", "a,b\n\\x\\\\,y\\,\"\n", Dialect(quote: 0x5C), [#"{"a":"x\\,y","b":"\""}"#]),
        Case("backslash in plain as quote", "a\nx\\\n", Dialect(quote: 0x5C), [], CSVError(
            .quoteInPlain, offset: 3, record: 2, field: 1
        )),
        Case("a control as quote", "a,b\n\(1)x,\(1, 1)\(1),2\n", Dialect(quote: 1), [#"{"a":"x,\u0001","b":"2"}"#]),
        Case("NUL as quote", "a\n\(0)\n\(0)\n", Dialect(quote: 0), [#"{"a":"\n"}"#]),
        Case("a space as quote", "a,b\n 1,2 ,3\n", Dialect(quote: 0x20), [#"{"a":"1,2","b":"3"}"#]),
        Case("the comma as quote", "a;b\n,1;,,2,;3\n", Dialect(delimiter: 0x3B, quote: 0x2C), [
            #"{"a":"1;,2","b":"3"}"#
        ]),
        Case("the usual quote as delimiter", "a\"b\n'1\"2'\"3\n", Dialect(delimiter: 0x22, quote: 0x27), [
            #"{"a":"1\"2","b":"3"}"#
        ]),
        Case("other bytes, unclosed", "a|b\n1|'2", Dialect(delimiter: 0x7C, quote: 0x27), [], CSVError(
            .unterminatedQuote, offset: 6, record: 2, field: 2
        )),
        Case("other bytes, text after a quote", "a|b\n'1'2|3\n", Dialect(delimiter: 0x7C, quote: 0x27), [], CSVError(
            .textAfterQuote, offset: 7, record: 2, field: 1
        )),
    ]
}
