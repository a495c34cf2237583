// Cases of rows in other shapes than one string for each column.

import SluiceCSV
import SluiceJSON

extension Cases {
    /// Cases that need more than a dialect.
    package static let shapes: [Case] = [names, nested, values, missing, omitted, addedMembers, shapeErrors].flatMap(
        \.self
    )

    private static let names: [Case] = [
        Case(
            "selected columns in another order",
            "a,b,c\n1,2,3\n",
            shape { $0.selected = texts("c", "a") },
            [#"{"c":"3","a":"1"}"#]
        ),
        Case("dropped columns", "a,b,c\n1,2,3\n", shape { $0.dropped = texts("b") }, [#"{"a":"1","c":"3"}"#]),
        Case(
            "a dropped column without a name",
            "id,name,\n1,x,\n",
            shape { $0.dropped = texts("") },
            [#"{"id":"1","name":"x"}"#]
        ),
        Case("all columns dropped", "a\n1\n", shape { $0.dropped = texts("a") }, ["{}"]),
        Case(
            "renamed columns",
            "a,b\n1,2\n",
            shape { $0.renamed = [renaming("a", "b"), renaming("b", "a\"")] },
            [#"{"b":"1","a\"":"2"}"#]
        ),
        Case(
            "surplus fields after selected columns",
            "a,b\n1,2,3\n",
            .lenient,
            shape { $0.selected = texts("b") },
            [#"{"b":"2"}"#]
        ),
        Case(
            "surplus fields whose name is taken",
            "a,b\n1,2,3\n",
            .lenient,
            shape { $0.renamed = [renaming("a", "_3")] },
            [#"{"_3":"1","b":"2","_3_2":"3"}"#]
        ),
    ]

    private static let nested: [Case] = [
        Case(
            "dotted names",
            "a.b,a.c,d[0]\n1,2,3\n",
            shape { $0.nestSeparator = Array(".".utf8) },
            [#"{"a":{"b":"1","c":"2"},"d[0]":"3"}"#]
        ),
        Case(
            "dotted names apart",
            "a.b,c,a.d\n1,2,3\n",
            shape { $0.nestSeparator = Array(".".utf8) },
            [#"{"a":{"b":"1","d":"3"},"c":"2"}"#]
        ),
        Case(
            "empty parts of names",
            ".,a.,.b\n1,2,3\n",
            shape { $0.nestSeparator = Array(".".utf8) },
            [#"{"":{"":"1","b":"3"},"a":{"":"2"}}"#]
        ),
        Case(
            "deep names",
            "a.b.c.d,a.b.e,a.f,g\n1,2,3,4\n",
            shape { $0.nestSeparator = Array(".".utf8) },
            [#"{"a":{"b":{"c":{"d":"1"},"e":"2"},"f":"3"},"g":"4"}"#]
        ),
        Case(
            "a separator of several bytes",
            "a__b,a_c\n1,2\n",
            shape { $0.nestSeparator = Array("__".utf8) },
            [#"{"a":{"b":"1"},"a_c":"2"}"#]
        ),
        Case(
            "a renamed column in an object",
            "a,b\n1,2\n",
            shape {
                $0.renamed = [renaming("a", "x.y")]; $0.nestSeparator = Array(".".utf8)
            },
            [#"{"x":{"y":"1"},"b":"2"}"#]
        ),
        Case(
            "a short record with nested columns",
            "a.b,a.c\n1\n",
            .lenient,
            shape { $0.nestSeparator = Array(".".utf8) },
            [#"{"a":{"b":"1","c":""}}"#]
        ),
    ]

    private static let values: [Case] = [
        typed(
            "integers",
            "integer",
            [("0", "0"), ("-1", "-1"), ("+7", "7"), ("12345678901234567890", "12345678901234567890")],
            refused: "01"
        ),
        typed(
            "numbers",
            "number",
            [("1.50", "1.50"), (".5", "0.5"), ("5.", "5"), ("-0.0", "-0.0"), ("1e5", "1e5")],
            refused: "1,5"
        ),
        typed(
            "booleans",
            "boolean",
            [("true", "true"), ("FALSE", "false"), ("0", "false"), ("1", "true")],
            refused: "yes"
        ),
        typed(
            "dates",
            "date",
            [("2024-02-29", #""2024-02-29""#), ("0001-01-01", #""0001-01-01""#)],
            refused: "2023-02-29"
        ),
        typed("times", "time", [("23:59:59", #""23:59:59""#)], refused: "24:00:00"),
        typed(
            "dates with times",
            "datetime",
            [("2024-01-02T03:04:05", #""2024-01-02T03:04:05""#), ("2024-12-31T24:00:00", #""2025-01-01T00:00:00""#)],
            refused: "2024-01-02 03:04:05"
        ),
        typed("years", "year", [("2024", "2024"), ("0050", "50")], refused: "24"),
        typed("lists", "list", [(#""a,b""#, #"["a","b"]"#)], refused: nil),
        typed("objects", "object", [(#""{""a"": [1]}""#, #"{"a":[1]}"#)], refused: "[]"),
        [
            Case(
                "leading zeros to drop",
                "a\n007\n000\n",
                shape {
                    $0.types = [type("a", "integer")]; $0.stripsLeadingZeros = true
                },
                [#"{"a":7}"#, #"{"a":0}"#]
            )
        ],
        [
            Case(
                "big integers as strings",
                "a\n9007199254740991\n9007199254740992\n",
                shape {
                    $0.types = [type("a", "integer")]; $0.bigIntegers = .string
                },
                [#"{"a":9007199254740991}"#, #"{"a":"9007199254740992"}"#]
            )
        ],
        [
            Case(
                "values in quotes",
                "a,b\n\"1\",\"x\"\"y\"\r\n",
                shape { $0.types = [type("a", "integer")] },
                [#"{"a":1,"b":"x\"y"}"#]
            )
        ],
    ].flatMap(\.self)

    private static let missing: [Case] = [
        Case(
            "an empty value of a typed column",
            "a,b\n,\n",
            shape { $0.types = [type("a", "integer")] },
            [#"{"a":null,"b":""}"#]
        ),
        Case(
            "texts for null",
            "a,b\nNA,\\N\n-,NAN\n",
            shape { $0.nullTexts = texts("NA", "\\N") },
            [#"{"a":null,"b":null}"#, #"{"a":"-","b":"NAN"}"#]
        ),
        Case(
            "the empty text for null, in quotes too",
            "a,b,c\n1,,\"\"\n",
            shape { $0.nullTexts = texts("") },
            [#"{"a":"1","b":null,"c":null}"#]
        ),
        Case(
            "the empty text for null, kept in quotes",
            "a,b,c\n1,,\"\"\n",
            shape {
                $0.nullTexts = texts(""); $0.keepsQuotedEmpty = true
            },
            [#"{"a":"1","b":null,"c":""}"#]
        ),
        Case(
            "empty values as null",
            "a\n\"\"\n-\n",
            shape {
                $0.nullTexts = texts("-"); $0.emptyForm = .null
            },
            [#"{"a":null}"#, #"{"a":null}"#]
        ),
        Case(
            "empty values as strings",
            "a,b\n,x\n",
            shape {
                $0.nullTexts = texts("", "x"); $0.emptyForm = .string
            },
            [#"{"a":"","b":null}"#]
        ),
        Case(
            "null in arrays",
            "1,\n,2\n",
            Dialect(header: .none),
            shape { $0.nullTexts = texts("") },
            [#"["1",null]"#, #"[null,"2"]"#]
        ),
        Case(
            "a negative number that means null",
            "a,b,c\n-999,-9.5,-999\n1,-999,-9.5\n",
            shape {
                $0.types = [type("a", "integer"), type("b", "number")]; $0.nullTexts = texts("-999", "-9.5")
            },
            [#"{"a":null,"b":null,"c":null}"#, #"{"a":1,"b":null,"c":null}"#]
        ),
        Case(
            "empty strings that mean null between numbers",
            "a,b,c,d\n1,,2,\n3,x,4,\"\"\n5,,,y\n",
            shape {
                $0.types = [type("a", "integer"), type("c", "integer")]; $0.nullTexts = texts("")
            },
            [
                #"{"a":1,"b":null,"c":2,"d":null}"#, #"{"a":3,"b":"x","c":4,"d":null}"#,
                #"{"a":5,"b":null,"c":null,"d":"y"}"#,
            ]
        ),
        Case(
            "a word of booleans that means null",
            "a\ntrue\nfalse\n",
            shape {
                $0.types = [type("a", "boolean")]; $0.nullTexts = texts("false")
            },
            [#"{"a":true}"#, #"{"a":null}"#]
        ),
        Case(
            "a digit that means null",
            "a\n0\n1\n",
            shape {
                $0.types = [type("a", "integer")]; $0.nullTexts = texts("0")
            },
            [#"{"a":null}"#, #"{"a":1}"#]
        ),
        Case(
            "a text for null with a quote",
            "a,b\n\"x\"\"\",x\n",
            shape { $0.nullTexts = texts("x\"") },
            [#"{"a":null,"b":"x"}"#]
        ),
    ]

    private static let omitted: [Case] = [
        Case(
            "members without a value left out",
            "a,b,c\n,2,\n,,\n",
            shape {
                $0.nullTexts = texts(""); $0.nullForm = .omit
            },
            [#"{"b":"2"}"#, "{}"]
        ),
        Case(
            "empty members left out, others null",
            "a,b\n,NA\n",
            shape {
                $0.nullTexts = texts("NA"); $0.emptyForm = .omit
            },
            [#"{"b":null}"#]
        ),
        Case(
            "objects without members left out",
            "a.b,c.d,c.e\n,,1\n1,,\n",
            shape {
                $0.nestSeparator = Array(".".utf8); $0.emptyForm = .omit
            },
            [#"{"c":{"e":"1"}}"#, #"{"a":{"b":"1"}}"#]
        ),
        Case(
            "members that a short record lacks",
            "a.b,a.c,d\n1\n",
            Dialect(ragged: .omit),
            shape { $0.nestSeparator = Array(".".utf8) },
            [#"{"a":{"b":"1"}}"#]
        ),
    ]

    private static let addedMembers: [Case] = [
        Case(
            "a record's number, line and offset",
            "a,b\n\"x\ny\",\n\nz,\n",
            shape { $0.added = [added("r", .record), added("l", .line), added("o", .offset)] },
            [#"{"a":"x\ny","b":"","r":2,"l":2,"o":4}"#, #"{"a":"z","b":"","r":4,"l":5,"o":12}"#]
        ),
        Case(
            "texts that all rows have",
            "a\n1\n",
            shape { $0.added = [added("t", .literal(Array("\"\n".utf8))), added("u", .literal([]))] },
            [#"{"a":"1","t":"\"\n","u":""}"#]
        ),
        Case(
            "an added member in an object",
            "a.b,c\n1,2\n",
            shape {
                $0.nestSeparator = Array(".".utf8); $0.added = [added("a.r", .record)]
            },
            [#"{"a":{"b":"1","r":2},"c":"2"}"#]
        ),
    ]

    static func shape(_ change: (inout RowShape) -> Void) -> RowShape {
        var shape = RowShape()
        change(&shape)
        return shape
    }

    static func texts(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    static func renaming(_ old: String, _ new: String) -> RowShape.Renaming {
        RowShape.Renaming(old: Array(old.utf8), new: Array(new.utf8))
    }

    static func added(_ name: String, _ value: RowShape.AddedColumn.Value) -> RowShape.AddedColumn {
        RowShape.AddedColumn(name: Array(name.utf8), value: value)
    }

    static func type(_ name: String, _ type: String) -> RowShape.NamedType {
        RowShape.NamedType(name: Array(name.utf8), type: FieldType(plainName: type) ?? .text)
    }

    private static func quoted(_ field: String) -> String { field.contains(",") ? "\"\(field)\"" : field }

    /// Returns a case of a column's fields and their JSON, and one with a value that the type refuses after them.
    static func typed(
        _ name: String,
        _ word: String,
        _ values: [(field: String, json: String)],
        refused: String?
    ) -> [Case] {
        let input = "a,b\n" + values.map { "\($0.field),\n" }.joined()
        let rows = values.map { #"{"a":\#($0.json),"b":""}"# }
        let shape = shape { $0.types = [type("a", word)] }
        let all = Case(name, Bytes(stringLiteral: input), shape, rows)
        guard let refused else { return [all] }
        let error = CSVError(.typeMismatch, offset: UInt64(input.utf8.count), record: UInt64(values.count + 2))
        return [
            all,
            Case("\(name), and \(refused)", Bytes(stringLiteral: input + quoted(refused) + ",\n"), shape, rows, error),
        ]
    }
}

extension Case {
    init(
        _ name: String,
        _ input: Bytes,
        _ dialect: Dialect,
        _ shape: RowShape,
        _ expected: [String],
        _ error: CSVError? = nil
    ) {
        self.init(name, input, dialect, expected, error)
        self.shape = shape
    }

    init(
        _ name: String,
        _ input: Bytes,
        _ shape: RowShape,
        _ expected: [String],
        _ error: CSVError? = nil
    ) {
        self.init(name, input, .rfc4180, shape, expected, error)
    }
}
