// Cases of headers, repeated names, and records with too few or too many fields.

import SluiceCSV

extension Cases {
    // swift-format-ignore
    static let headers: [Case] = [
        Case("the first record names the columns", "a,b\n1,2\n", .rfc4180, [#"{"a":"1","b":"2"}"#]),
        Case("no header", "a,b\n1,2\n", Dialect(header: .none), [#"["a","b"]"#, #"["1","2"]"#]),
        Case("given names", "a,b\n1,2\n", Dialect(header: .names(["x", "y"])), [
            #"{"x":"a","y":"b"}"#, #"{"x":"1","y":"2"}"#,
        ]),
        Case("given names are escaped", "1,2\n", Dialect(header: .names(["x\"\n", "é"])), [#"{"x\"\n":"1","é":"2"}"#]),
        Case("an empty name", "a,\n1,2\n", .rfc4180, [#"{"a":"1","":"2"}"#]),
        Case("a single empty name", "\"\"\n1\n", .rfc4180, [#"{"":"1"}"#]),
        Case("a given empty name", "1\n", Dialect(header: .names([""])), [#"{"":"1"}"#]),
        Case("keys keep the header's order", "z,a,10,9\n1,2,3,4\n", .rfc4180, [#"{"z":"1","a":"2","10":"3","9":"4"}"#]),
        Case("names differ in case", "a,A\n1,2\n", .rfc4180, [#"{"a":"1","A":"2"}"#]),
        Case("names differ in spaces", "a, a\n1,2\n", .rfc4180, [#"{"a":"1"," a":"2"}"#]),
        Case("names differ in bytes though canonically equivalent", "\u{E9},e\u{301}\n1,2\n", .rfc4180, [
            "{\"\u{E9}\":\"1\",\"e\u{301}\":\"2\"}"
        ]),
        Case("a name of 200 bytes", "\(0x6E, times: 200)\n1\n", .rfc4180, [
            #"{""# + String(repeating: "n", count: 200) + #"":"1"}"#
        ]),
        Case(
            "a single record is a row without header", "\"1\r\n\",,\"\"", Dialect(header: .none),
            [#"["1\r\n","",""]"#]
        ),
        Case("values that look like JSON literals are strings", "a,b,c,d\n1,true,null,\n", .rfc4180, [
            #"{"a":"1","b":"true","c":"null","d":""}"#
        ]),
    ]

    // swift-format-ignore
    static let duplicates: [Case] = [
        Case(
            "equal names, error", "a,b,a,b\n1,2,3,4\n", .rfc4180,
            [], CSVError(.duplicateHeader, offset: 0, record: 1, field: 3)
        ),
        Case("equal names, rename", "a,b,a,b\n1,2,3,4\n", Dialect(duplicateHeaders: .rename), [
            #"{"a":"1","b":"2","a_2":"3","b_2":"4"}"#
        ]),
        Case("three equal names", "a,a,a\n1,2,3\n", Dialect(duplicateHeaders: .rename), [
            #"{"a":"1","a_2":"2","a_3":"3"}"#
        ]),
        Case("a later name is not reused", "a,a,a_2\n1,2,3\n", Dialect(duplicateHeaders: .rename), [
            #"{"a":"1","a_3":"2","a_2":"3"}"#
        ]),
        Case("an earlier name is not reused", "a_2,a,a\n1,2,3\n", Dialect(duplicateHeaders: .rename), [
            #"{"a_2":"1","a":"2","a_3":"3"}"#
        ]),
        Case("equal names that look renamed", "a,a,a_2,a_2\n1,2,3,4\n", Dialect(duplicateHeaders: .rename), [
            #"{"a":"1","a_3":"2","a_2":"3","a_2_2":"4"}"#
        ]),
        Case("several names taken", "a,a,a_2,a_3,a\n1,2,3,4,5\n", Dialect(duplicateHeaders: .rename), [
            #"{"a":"1","a_4":"2","a_2":"3","a_3":"4","a_5":"5"}"#
        ]),
        Case(
            "a generated name would equal a given one", "a,a_2,a_2,a,a_2_2\n1,2,3,4,5\n",
            Dialect(duplicateHeaders: .rename),
            [#"{"a":"1","a_2":"2","a_2_3":"3","a_3":"4","a_2_2":"5"}"#]
        ),
        Case("ten equal names", "a,a,a,a,a,a,a,a,a,a\n0,1,2,3,4,5,6,7,8,9\n", Dialect(duplicateHeaders: .rename), [
            #"{"a":"0","a_2":"1","a_3":"2","a_4":"3","a_5":"4","a_6":"5","a_7":"6","a_8":"7","a_9":"8","a_10":"9"}"#
        ]),
        Case(
            "equal after unquoting, error", "a,\"a\"\n", .rfc4180,
            [], CSVError(.duplicateHeader, offset: 0, record: 1, field: 2)
        ),
        Case("equal after unquoting, rename", "\"a\",a\n1,2\n", Dialect(duplicateHeaders: .rename), [
            #"{"a":"1","a_2":"2"}"#
        ]),
        Case(
            "equal after replacement, error", "\(0xC3),\(0xC4)\n", Dialect(invalidUTF8: .replace),
            [], CSVError(.duplicateHeader, offset: 0, record: 1, field: 2)
        ),
        Case("equal after replacement, rename", "\(0xC3),\(0xC4)\n1,2\n", .lenient, [#"{"�":"1","�_2":"2"}"#]),
        Case(
            "two empty names, error", ",\n1,2\n", .rfc4180,
            [], CSVError(.duplicateHeader, offset: 0, record: 1, field: 2)
        ),
        Case(
            "empty names, rename", ",,\n1,2,3\n", Dialect(duplicateHeaders: .rename),
            [#"{"":"1","_2":"2","_3":"3"}"#]
        ),
        Case(
            "equal names after blank lines", "\n\r\na,a\n", .rfc4180,
            [], CSVError(.duplicateHeader, offset: 3, record: 3, field: 2)
        ),
        Case(
            "equal names after a byte order mark", "\(0xEF, 0xBB, 0xBF)a,a\n", .rfc4180,
            [], CSVError(.duplicateHeader, offset: 3, record: 1, field: 2)
        ),
        Case(
            "equal given names, error", "\n1,2,3\n", Dialect(header: .names(["x", "y", "x"])),
            [], CSVError(.duplicateHeader, offset: 0, record: 1, field: 3)
        ),
        Case(
            "equal given names and a byte order mark", "\(0xEF, 0xBB, 0xBF)1,2\n", Dialect(header: .names(["x", "x"])),
            [], CSVError(.duplicateHeader, offset: 0, record: 1, field: 2)
        ),
        Case("equal given names, rename", "1,2\n", Dialect(header: .names(["x", "x"]), duplicateHeaders: .rename), [
            #"{"x":"1","x_2":"2"}"#
        ]),
        Case("without header nothing is a name", "a,a\n", Dialect(header: .none), [#"["a","a"]"#]),
        Case("equal values in a row are fine", "a,b\nx,x\n", .rfc4180, [#"{"a":"x","b":"x"}"#]),
    ]

    // swift-format-ignore
    static let ragged: [Case] = [
        Case("short, error", "a,b,c\n1\n", .rfc4180, [], CSVError(.raggedRecord, offset: 6, record: 2, field: 2)),
        Case("short, pad", "a,b,c\n1\n", Dialect(ragged: .pad), [#"{"a":"1","b":"","c":""}"#]),
        Case("short, omit", "a,b,c\n1\n", Dialect(ragged: .omit), [#"{"a":"1"}"#]),
        Case("short, truncate", "a,b,c\n1\n", Dialect(ragged: .truncate), [#"{"a":"1","b":"","c":""}"#]),
        Case("long, error", "a,b\n1,2,3,4\n", .rfc4180, [], CSVError(.raggedRecord, offset: 4, record: 2, field: 3)),
        Case("long, pad", "a,b\n1,2,3,4\n", Dialect(ragged: .pad), [#"{"a":"1","b":"2","_3":"3","_4":"4"}"#]),
        Case("long, omit", "a,b\n1,2,3,4\n", Dialect(ragged: .omit), [#"{"a":"1","b":"2","_3":"3","_4":"4"}"#]),
        Case("long, truncate", "a,b\n1,2,3,4\n", Dialect(ragged: .truncate), [#"{"a":"1","b":"2"}"#]),
        Case("a trailing delimiter makes a long record, error", "a,b\n1,2\n3,4,\n", .rfc4180, [
            #"{"a":"1","b":"2"}"#
        ], CSVError(.raggedRecord, offset: 8, record: 3, field: 3)),
        Case(
            "a trailing delimiter makes a long record, pad", "a,b\n1,2,\n", Dialect(ragged: .pad),
            [#"{"a":"1","b":"2","_3":""}"#]
        ),
        Case("short and empty is omitted, given and empty is not", "a,b,c\n1,\n", Dialect(ragged: .omit), [
            #"{"a":"1","b":""}"#
        ]),
        Case("quoted nothing in two columns, pad", "a,b\n\"\"\n", Dialect(ragged: .pad), [#"{"a":"","b":""}"#]),
        Case("quoted nothing in two columns, omit", "a,b\n\"\"\n", Dialect(ragged: .omit), [#"{"a":""}"#]),
        Case("a blank line in two columns is not short", "a,b\n\n", Dialect(ragged: .pad)),
        Case("short last record without EOL, pad", "a,b\n1", Dialect(ragged: .pad), [#"{"a":"1","b":""}"#]),
        Case("no header, short, error", "1,2,3\n4\n", Dialect(header: .none), [
            #"["1","2","3"]"#
        ], CSVError(.raggedRecord, offset: 6, record: 2, field: 2)),
        Case("no header, short, pad", "1,2,3\n4\n", Dialect(header: .none, ragged: .pad), [
            #"["1","2","3"]"#, #"["4","",""]"#,
        ]),
        Case("no header, short, omit", "1,2,3\n4\n", Dialect(header: .none, ragged: .omit), [
            #"["1","2","3"]"#, #"["4"]"#,
        ]),
        Case("no header, short, truncate", "1,2,3\n4\n", Dialect(header: .none, ragged: .truncate), [
            #"["1","2","3"]"#, #"["4","",""]"#,
        ]),
        Case("no header, long, error", "1\n2,3\n", Dialect(header: .none), [
            #"["1"]"#
        ], CSVError(.raggedRecord, offset: 2, record: 2, field: 2)),
        Case("no header, long, pad", "1\n2,3,4\n5\n", Dialect(header: .none, ragged: .pad), [
            #"["1"]"#, #"["2","3","4"]"#, #"["5"]"#,
        ]),
        Case("no header, long, omit", "1\n2,3\n", Dialect(header: .none, ragged: .omit), [#"["1"]"#, #"["2","3"]"#]),
        Case("no header, long, truncate", "1\n2,3\n", Dialect(header: .none, ragged: .truncate), [
            #"["1"]"#, #"["2"]"#,
        ]),
        Case(
            "given names, the first record is short", "1\n", Dialect(header: .names(["a", "b"])),
            [], CSVError(.raggedRecord, offset: 0, record: 1, field: 2)
        ),
        Case(
            "given names, the first record is long", "\(0xEF, 0xBB, 0xBF)1,2\n", Dialect(header: .names(["a"])),
            [], CSVError(.raggedRecord, offset: 3, record: 1, field: 2)
        ),
        Case("given names, pad", "1\n2,3,4\n", Dialect(header: .names(["a", "b"]), ragged: .pad), [
            #"{"a":"1","b":""}"#, #"{"a":"2","b":"3","_3":"4"}"#,
        ]),
        Case("a column is named like a surplus key", "a,_3\n1,2,3\n", Dialect(ragged: .pad), [
            #"{"a":"1","_3":"2","_3_2":"3"}"#
        ]),
        Case("columns are named like a surplus key and the next one", "_3,_3_2\n1,2,3,4\n", Dialect(ragged: .omit), [
            #"{"_3":"1","_3_2":"2","_3_3":"3","_4":"4"}"#
        ]),
        Case("two columns are named like surplus keys", "_4,_3\n1,2,3,4\n", Dialect(ragged: .pad), [
            #"{"_4":"1","_3":"2","_3_2":"3","_4_2":"4"}"#
        ]),
        Case("a renamed column has the first surplus key", "_4,_4,x\n1,2,3,4\n", .lenient, [
            #"{"_4":"1","_4_2":"2","x":"3","_4_3":"4"}"#
        ]),
        Case("renamed empty names and a surplus key", ",_2,\n1,2,3,4\n", .lenient, [
            #"{"":"1","_2":"2","_3":"3","_4":"4"}"#
        ]),
        Case("renamed empty names skip given names", ",,_2,_3,\n1,2,3,4,5,6\n", .lenient, [
            #"{"":"1","_4":"2","_2":"3","_3":"4","_5":"5","_6":"6"}"#
        ]),
        Case("a dropped field must be UTF-8 too", "a\n1,\(0xFF)\n", Dialect(ragged: .truncate), [], CSVError(
            .invalidUTF8, offset: 4, record: 2, field: 2
        )),
        Case(
            "a dropped field is repaired and dropped", "a\n1,\(0xFF)\n",
            Dialect(ragged: .truncate, invalidUTF8: .replace),
            [#"{"a":"1"}"#]
        ),
    ]
}
