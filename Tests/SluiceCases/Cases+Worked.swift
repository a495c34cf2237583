// The worked cases at the end of semantics.md, in their order there.

import SluiceCSV

extension Cases {
    // swift-format-ignore
    static let worked: [Case] = [
        both(
            "doubled quotes only", "a,b\n\"\"\"\",\"\"\"\"\"\"\n",
            strict: [#"{"a":"\"","b":"\"\""}"#],
            lenient: [#"{"a":"\"","b":"\"\""}"#]
        ),
        both(
            "a doubled quote at the end does not close", "a,b\n1,\"x\"\"",
            strict: [], CSVError(.unterminatedQuote, offset: 6, record: 2, field: 2),
            lenient: [#"{"a":"1","b":"x\""}"#]
        ),
        both(
            "the rows before an unclosed quote are good", "a,b\n1,2\n3,\"4\n",
            strict: [#"{"a":"1","b":"2"}"#], CSVError(.unterminatedQuote, offset: 10, record: 3, field: 2),
            lenient: [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4\n"}"#]
        ),
        both(
            "a letter after a closing quote", "id,value\nA,\"12\"x\n",
            strict: [], CSVError(.textAfterQuote, offset: 15, record: 2, field: 2),
            lenient: [#"{"id":"A","value":"12x"}"#]
        ),
        both(
            "a space after a closing quote in the header", "A,\"B\" ,C,D\r\n1,2,3,4\r\n",
            strict: [], CSVError(.textAfterQuote, offset: 5, record: 1, field: 2),
            lenient: [#"{"A":"1","B ":"2","C":"3","D":"4"}"#]
        ),
        both(
            "inches", "a,b\n12\" monitor,5\"\n",
            strict: [], CSVError(.quoteInPlain, offset: 6, record: 2, field: 1),
            lenient: [#"{"a":"12\" monitor","b":"5\""}"#]
        ),
        both(
            "CR as the only line end", "one\rtwo",
            strict: [], CSVError(.bareCR, offset: 3, record: 1, field: 1),
            lenient: [#"{"one":"two"}"#]
        ),
        both(
            "CR as the last byte", "a,b\n1,2\r",
            strict: [], CSVError(.bareCR, offset: 7, record: 2, field: 2),
            lenient: [#"{"a":"1","b":"2"}"#]
        ),
        both(
            "line ends inside quotes are kept", "a,b\r\n\"x\r\ny\rz\",2\r\n",
            strict: [#"{"a":"x\r\ny\rz","b":"2"}"#],
            lenient: [#"{"a":"x\r\ny\rz","b":"2"}"#]
        ),
        both(
            "a blank line in a one-column table is a row", "a\n1\n\n\"\"\n3\n",
            strict: [#"{"a":"1"}"#, #"{"a":""}"#, #"{"a":""}"#, #"{"a":"3"}"#],
            lenient: [#"{"a":"1"}"#, #"{"a":""}"#, #"{"a":""}"#, #"{"a":"3"}"#]
        ),
        both(
            "short and long records", "a,b,c\n1,2\n1,2,3,4\n",
            strict: [], CSVError(.raggedRecord, offset: 6, record: 2, field: 3),
            lenient: [#"{"a":"1","b":"2","c":""}"#, #"{"a":"1","b":"2","c":"3","_4":"4"}"#]
        ),
        both(
            "equal header names", "a,a,a_2,a\n1,2,3,4\n",
            strict: [], CSVError(.duplicateHeader, offset: 0, record: 1, field: 2),
            lenient: [#"{"a":"1","a_3":"2","a_2":"3","a_4":"4"}"#]
        ),
        both(
            "bad bytes on either side of a closing quote", "a\n\"\(0xC3)\"\(0xA9)\n",
            strict: [], CSVError(.textAfterQuote, offset: 5, record: 2, field: 1),
            lenient: [#"{"a":"��"}"#]
        ),
        both(
            "a bad byte after a doubled quote", "a,b\nok,1\n\"x\"\"\(0xFF)\",2\n",
            strict: [#"{"a":"ok","b":"1"}"#], CSVError(.invalidUTF8, offset: 13, record: 3, field: 1),
            lenient: [#"{"a":"ok","b":"1"}"#, #"{"a":"x\"�","b":"2"}"#]
        ),
        [
            Case(
                "UTF-16, strict", "\(0xFF, 0xFE)a\(0),\(0)b\(0)", .rfc4180,
                [], CSVError(.utf16Input, offset: 0, record: 1, field: 1)
            ),
            Case(
                "UTF-16, lenient", "\(0xFF, 0xFE)a\(0),\(0)b\(0)", .lenient,
                [], CSVError(.utf16Input, offset: 0, record: 1, field: 1)
            ),
        ],
        both(
            "a row of exactly 262,144 bytes", "a\n\(0x78, times: 262_136)\n",
            strict: [#"{"a":""# + String(repeating: "x", count: 262_136) + #""}"#],
            lenient: [#"{"a":""# + String(repeating: "x", count: 262_136) + #""}"#]
        ),
        both(
            "50,000 NUL bytes, a row of 300,008 bytes", "a\n\(0x00, times: 50_000)\n",
            strict: [#"{"a":""# + String(repeating: #"\u0000"#, count: 50_000) + #""}"#],
            lenient: [#"{"a":""# + String(repeating: #"\u0000"#, count: 50_000) + #""}"#]
        ),
    ].flatMap(\.self)
}
