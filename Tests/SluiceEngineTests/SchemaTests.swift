import SluiceCSV
import SluiceEngine
import SluiceJSON
import Testing

@Suite struct `Schemas` {
    private func schema(_ json: String, skipping: Set<Schema.Constraint> = []) throws -> Schema {
        try Schema(json: Array(json.utf8), skipping: skipping)
    }

    /// Returns the only field of a schema, whose descriptor has these members beside its name.
    private func field(_ members: String) throws -> TableSchema.Field {
        try #require(try schema(#"{"fields":[{"name":"a",\#(members)}]}"#).table).fields[0]
    }

    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    // MARK: What a file may be

    @Test(arguments: [
        #"{"fields":[{"name":"a","type":"year"}]}"#,
        #"{"name":"r","path":"a.csv","schema":{"fields":[{"name":"a","type":"year"}]}}"#,
        #"{"name":"p","resources":[{"name":"r","path":"a.csv","schema":{"fields":[{"type":"year","name":"a"}]}}]}"#,
        "\u{FEFF}" + #"{ "fields" : [ { "name" : "a" , "type" : "year", "title": "A", "x:y": [1] } ] , "title":"T" }"#,
    ])
    func `are Table Schemas, Data Resources and Data Packages`(_ json: String) throws {
        let table = try #require(try schema(json).table)
        #expect(table.fields.map(\.name) == [text("a")])
        #expect(table.fields[0].rule.type == .year)
        #expect(table.text == #"{"fields":[{"name":"a","type":"year"}]}"#)
        #expect(table.digest.count == 64)
    }

    @Test func `may state only dialect and encoding`() throws {
        let schema = try schema(#"{"encoding":"latin1","dialect":{"delimiter":";","nullSequence":"NA"}}"#)
        #expect(schema.table == nil)
        #expect(schema.encoding == .windows1252)
        #expect(schema.dialect().delimiter == UInt8(ascii: ";"))
        var shape = RowShape()
        schema.apply(to: &shape)
        #expect(shape.nullTexts == [text("NA")])
    }

    // MARK: Types

    @Test(arguments: [
        (#""title":"x""#, FieldType.text), (#""type":"any""#, .text), (#""type":"string","format":"default""#, .text),
        (#""type":"string","format":"email""#, .string(.email)), (#""format":"uuid""#, .string(.uuid)),
        (#""type":"string","format":"uri""#, .string(.uri)), (#""type":"string","format":"binary""#, .string(.binary)),
        (#""type":"integer","format":"default""#, .integer(FieldType.NumberForm())),
        (#""type":"number""#, .number(FieldType.NumberForm())),
        (#""type":"boolean""#, .boolean(FieldType.BooleanWords())),
        (#""type":"date""#, .date(.iso)), (#""type":"time","format":"default""#, .time(.iso)),
        (#""type":"datetime""#, .datetime(.iso)), (#""type":"year""#, .year), (#""type":"yearmonth""#, .yearMonth),
        (#""type":"duration""#, .duration), (#""type":"object""#, .object), (#""type":"array""#, .array),
        (#""type":"geojson""#, .geoJSON(isTopology: false)),
        (#""type":"geojson","format":"topojson""#, .geoJSON(isTopology: true)),
        (#""type":"geopoint""#, .geoPoint(.text)),
        (#""type":"geopoint","format":"array""#, .geoPoint(.array)),
        (#""type":"geopoint","format":"object""#, .geoPoint(.object)),
        (#""type":"list""#, .list(delimiter: [0x2C], item: .text)),
        (#""type":"list","delimiter":"; ","itemType":"date""#, .list(delimiter: [0x3B, 0x20], item: .date(.iso))),
        (#""type":"list","itemType":"integer""#, .list(delimiter: [0x2C], item: .integer(FieldType.NumberForm()))),
    ])
    func `give columns types`(_ members: String, _ type: FieldType) throws {
        let field = try field(members)
        #expect(field.rule.type == type)
        #expect(field.rule.missingValues == [[]])
    }

    @Test func `say how numbers are written`() throws {
        var form = FieldType.NumberForm()
        (form.decimalCharacter, form.groupCharacter, form.isBare) = (text(","), text("."), false)
        #expect(
            try field(#""type":"number","decimalChar":",","groupChar":".","bareNumber":false"#).rule.type
                == .number(form)
        )
        (form.decimalCharacter, form.groupCharacter, form.isBare) = (text("."), text("\u{202F}"), true)
        #expect(try field(#""type":"integer","decimalChar":",","groupChar":"\u202f""#).rule.type == .integer(form))
        #expect(try field(#""type":"integer","sluice:leadingZeros":"strip""#).rule.stripsLeadingZeros)
        #expect(try !field(#""type":"integer","sluice:leadingZeros":"error""#).rule.stripsLeadingZeros)
    }

    @Test func `say how booleans and dates are written`() throws {
        var words = FieldType.BooleanWords()
        (words.trueValues, words.falseValues) = ([text("ja")], [text("nein"), text("")])
        let boolean = try field(#""type":"boolean","trueValues":["ja"],"falseValues":["nein","","nein"]"#)
        #expect(boolean.rule.type == .boolean(words))
        let pattern = try TimePattern(text("%d.%m.%Y"), for: .date)
        #expect(try field(#""type":"date","format":"%d.%m.%Y""#).rule.type == .date(.pattern(pattern)))
        #expect(try field(#""type":"date","format":"fmt:%d.%m.%Y""#).rule.type == .date(.pattern(pattern)))
    }

    // MARK: Missing values, names

    @Test func `replace missing values per field`() throws {
        let json = #"""
            {"fields":[{"name":"a"},{"name":"b","missingValues":["-","-"]},{"name":"c","missingValues":[]},
            {"name":"d","missingValues":[{"value":"","label":"none"},{"value":"x"},{"value":"x"}]}],"missingValues":["","NA"]}
            """#
        let table = try #require(try schema(json).table)
        #expect(table.fields.map(\.rule.missingValues) == [[[], text("NA")], [text("-")], [], [[], text("x")]])
        #expect(table.missingValues == [[], text("NA")])
    }

    @Test func `count the null sequence among missing values`() throws {
        let json =
            #"{"dialect":{"nullSequence":"\\N"},"schema":{"fields":[{"name":"a"},{"name":"b","missingValues":["-"]}]}}"#
        let table = try #require(try schema(json).table)
        #expect(table.fields.map(\.rule.missingValues) == [[[], text("\\N")], [text("-"), text("\\N")]])
    }

    @Test func `drop and rename columns`() throws {
        let json = #"""
            {"fields":[{"name":"a","sluice:name":"b"},{"name":"b","sluice:drop":true},{"name":"c","sluice:name":"c"},
            {"name":"","sluice:drop":false}]}
            """#
        let fields = try #require(try schema(json).table).fields
        #expect(fields.map(\.outputName) == [text("b"), nil, nil, nil])
        #expect(fields.map(\.isDropped) == [false, true, false, false])
    }

    @Test(arguments: zip(TableSchema.Match.allCases, ["exact", "equal", "subset", "superset", "partial"]))
    func `take fieldsMatch as a word or a list of one`(_ match: TableSchema.Match, _ word: String) throws {
        for value in ["\"\(word)\"", "[\"\(word)\"]"] {
            #expect(try schema(#"{"fields":[{"name":"a"}],"fieldsMatch":\#(value)}"#).table?.match == match)
        }
    }

    // MARK: Constraints

    @Test(arguments: [
        (#""constraints":{"required":true}"#, ["required"]), (#""constraints":{"required":false,"unique":false}"#, []),
        (#""constraints":{"maxLength":0,"minLength":0}"#, ["minLength", "maxLength"]),
        (#""type":"integer","constraints":{"minimum":-5,"maximum":"7"}"#, ["minimum", "maximum"]),
        (
            #""type":"number","decimalChar":",","constraints":{"exclusiveMinimum":1.5,"exclusiveMaximum":"2,5"}"#,
            ["exclusiveMinimum", "exclusiveMaximum"]
        ),
        (
            #""type":"date","format":"%d.%m.%Y","constraints":{"minimum":"31.12.1999","maximum":"01.01.2000"}"#,
            ["minimum", "maximum"]
        ),
        (#""type":"year","constraints":{"minimum":50,"maximum":"2000"}"#, ["minimum", "maximum"]),
        (#""type":"duration","constraints":{"minimum":"P1D"}"#, ["minimum"]),
        (#""constraints":{"pattern":"^a.*$","enum":["a","b",1,true]}"#, ["pattern", "enum"]),
        (#""type":"boolean","trueValues":["ja"],"constraints":{"enum":[true]}"#, ["enum"]),
        (#""type":"object","constraints":{"enum":[{"b":1,"a":[null]},"{}"],"minLength":1}"#, ["minLength", "enum"]),
        (#""type":"array","constraints":{"enum":[[1]]}"#, ["enum"]),
        (#""type":"geopoint","format":"object","constraints":{"enum":[{"lon":1,"lat":2}]}"#, ["enum"]),
        (#""categories":["a","b"],"constraints":{"enum":["a"]}"#, ["enum", "categories"]),
        (
            #""type":"integer","categories":[{"value":1,"label":"x"},{"value":2}],"categoriesOrdered":true"#,
            ["categories"]
        ),
    ])
    func `give columns constraints`(_ members: String, _ names: [String]) throws {
        #expect(try field(members).rule.constraints.map(\.name) == names)
    }

    @Test func `compare bounds in the form that the field has`() throws {
        let constraints = try field(#""type":"number","decimalChar":",","constraints":{"minimum":1.5}"#).rule
            .constraints
        guard case .minimum(let bound)? = constraints.first else { return #expect(Bool(false)) }
        #expect(bound.text == text("1,5"))
    }

    @Test func `require the fields of a primary key`() throws {
        for key in [#""a""#, #"["a"]"#] {
            let json = #"{"fields":[{"name":"a"},{"name":"b"}],"primaryKey":\#(key)}"#
            let schema = try schema(json, skipping: [.primaryKey])
            #expect(schema.table?.fields.map(\.rule.constraints) == [[.required], []])
            #expect(schema.skipped == [Schema.Skipped(constraint: .primaryKey, pointer: "/primaryKey")])
        }
        #expect(try schema(#"{"fields":[{"name":"a"}],"primaryKey":[]}"#).table?.fields[0].rule.constraints == [])
    }

    @Test(arguments: [
        (
            Schema.Constraint.unique, #"{"fields":[{"name":"a","constraints":{"unique":true}}]}"#,
            "/fields/0/constraints/unique"
        ),
        (.primaryKey, #"{"fields":[{"name":"a"}],"primaryKey":["a"]}"#, "/primaryKey"),
        (.uniqueKeys, #"{"fields":[{"name":"a"}],"uniqueKeys":[["a"]]}"#, "/uniqueKeys"),
        (
            .foreignKeys, #"{"fields":[{"name":"a"}],"foreignKeys":[{"fields":"a","reference":{"fields":"b"}}]}"#,
            "/foreignKeys"
        ),
        (
            .jsonSchema, #"{"fields":[{"name":"a","type":"object","constraints":{"jsonSchema":{}}}]}"#,
            "/fields/0/constraints/jsonSchema"
        ),
    ])
    func `skip what can't be checked only if told to`(
        _ constraint: Schema.Constraint,
        _ json: String,
        _ place: String
    ) throws {
        let error = #expect(throws: SchemaError.self) {
            try self.schema(json, skipping: Set(Schema.Constraint.allCases).subtracting([constraint]))
        }
        #expect(error?.pointer == place)
        #expect(error?.constraint == constraint)
        let schema = try schema(json, skipping: [constraint])
        #expect(schema.skipped == [Schema.Skipped(constraint: constraint, pointer: place)])
        #expect(schema.table?.unchecked == [TableSchema.Unchecked(constraint: constraint.rawValue, count: 1)])
    }

    // MARK: Canonical text

    @Test func `have one text for one meaning`() throws {
        let one = #"""
            {"title":"x","missingValues":["NA",""],"fields":[{"name":"a","type":"boolean","trueValues":["1","true","True","TRUE"]},
            {"format":"default","type":"string","name":"b","constraints":{"enum":["y","x"],"required":true}}]}
            """#
        let other = #"""
            {"fields":[{"name":"a","type":"boolean"},{"name":"b","constraints":{"required":true,"enum":["x","y"]}}],
            "fieldsMatch":"exact","missingValues":[{"value":""},{"value":"NA","label":"none"}]}
            """#
        #expect(try schema(one).table?.text == schema(other).table?.text)
        #expect(try schema(one).table?.digest == schema(other).table?.digest)
    }

    @Test func `can be read again from their texts`() throws {
        let json = #"""
            {"fields":[{"name":"a\"\u0000é","type":"number","decimalChar":",","groupChar":".","bareNumber":false,
            "constraints":{"minimum":1.5,"exclusiveMaximum":"2,5","required":true}},{"name":"b","type":"boolean",
            "trueValues":["ja"],"falseValues":["nein"],"constraints":{"enum":[true]}},
            {"name":"c","type":"date","format":"%d.%m.%Y","constraints":{"maximum":"01.01.2000","minimum":"01.01.1999"}},
            {"name":"d","type":"list","delimiter":";","itemType":"integer","sluice:leadingZeros":"strip"},
            {"name":"e","type":"geopoint","format":"array"},{"name":"f","type":"geojson","format":"topojson"},
            {"name":"g","categories":["x","y"],"constraints":{"pattern":"^x|y$","minLength":1,"maxLength":5}},
            {"name":"h","type":"object","constraints":{"enum":[{"b":1,"a":2}]},"sluice:drop":true},
            {"name":"i","format":"email","missingValues":[],"sluice:name":"j"},{"name":"k","type":"year"},
            {"name":"m","type":"date","format":"fmt:fmt:%Y%m%d"},{"name":"l","type":"integer","constraints":{"exclusiveMinimum":0,"maximum":9}}],
            "fieldsMatch":"partial","missingValues":["-"]}
            """#
        let table = try #require(try schema(json).table)
        #expect(try schema(table.text).table == table)
    }

    // MARK: Dialect

    private var dialects: [(members: String, change: (inout Dialect) -> Void)] {
        [
            (#""header":false"#, { $0.header = .none }), (#""header":true"#, { _ in }),
            (#""headerRows":[1]"#, { _ in }),
            (#""headerRows":[3]"#, { $0.skippedLines = 2 }),
            (
                #""headerRows":[3,5],"headerJoin":"-""#,
                {
                    $0.skippedLines = 2
                    $0.headerRows = [1, 3]
                    $0.headerJoin = "-"
                }
            ),
            (#""commentRows":[2,3]"#, { $0.skippedAfterHeader = 2 }), (#""commentRows":[]"#, { _ in }),
            (
                #""headerRows":[2,4],"commentRows":[1,3,5]"#,
                {
                    $0.skippedLines = 1
                    $0.headerRows = [1, 3]
                    $0.skippedAfterHeader = 1
                }
            ),
            (
                #""header":false,"commentRows":[1]"#,
                {
                    $0.header = .none
                    $0.skippedAfterHeader = 1
                }
            ),
            (#""commentChar":"//""#, { $0.comments = [Array("//".utf8)] }),
            (#""delimiter":"\t""#, { $0.delimiter = 9 }),
            (
                #""delimiter":"||""#,
                {
                    $0.delimiter = UInt8(ascii: "|")
                    $0.delimiterTail = [UInt8(ascii: "|")]
                }
            ),
            (#""lineTerminator":"\r\n""#, { _ in }), (#""lineTerminator":"\n""#, { _ in }),
            (#""lineTerminator":"\r""#, { $0.bareCR = .newline }),
            (#""quoteChar":"'""#, { $0.quote = UInt8(ascii: "'") }),
            (#""quoteChar":"","doubleQuote":false"#, { $0.usesQuotes = false }), (#""doubleQuote":true"#, { _ in }),
            (
                #""escapeChar":"\\","doubleQuote":false"#,
                {
                    $0.escape = UInt8(ascii: "\\")
                    $0.doublesQuotes = false
                }
            ),
            (#""skipInitialSpace":true"#, { $0.trim = .initial }), (#""skipInitialSpace":false"#, { _ in }),
            (#""sheetNumber":2,"property":"x","caseSensitiveHeader":true,"csvddfVersion":1.2,"$schema":"x""#, { _ in }),

        ]
    }

    @Test func `state the dialect`() throws {
        for (members, change) in dialects {
            var expected = Dialect()
            change(&expected)
            #expect(try schema(#"{"dialect":{\#(members)}}"#).dialect() == expected, "\(members)")
        }
    }

    @Test func `leave what they do not state`() throws {
        var base = Dialect.lenient
        (base.delimiter, base.skippedLines, base.trim) = (UInt8(ascii: "|"), 3, .spaces)
        #expect(try schema(#"{"dialect":{}}"#).dialect(over: base) == base)
        #expect(try schema(#"{"fields":[{"name":"a"}]}"#).dialect(over: base) == base)
        let quoted = try schema(#"{"dialect":{"quoteChar":"'"}}"#).dialect(over: base)
        #expect(quoted.quote == UInt8(ascii: "'") && quoted.delimiter == base.delimiter && quoted.trim == .spaces)
    }

    // MARK: Limits

    @Test func `have 100,000 fields`() throws {
        let fields = (0..<100_000).map { #"{"name":"c\#($0)","type":"integer","constraints":{"minimum":\#($0)}}"# }
        let table = try #require(try schema(#"{"fields":[\#(fields.joined(separator: ","))]}"#).table)
        #expect(table.fields.count == 100_000)
        let names = table.fields.map(\.name)
        #expect(try table.plan(for: names) == Array(0..<100_000))
        var loose = table
        loose.match = .equal
        #expect(try loose.plan(for: names.reversed()) == (0..<100_000).reversed())
        let mismatch = #expect(throws: HeaderMismatch.self) { try table.plan(for: names.reversed()) }
        #expect(mismatch?.drift.misplaced.count == 100_000)
    }

    @Test func `may be nested 64 deep`() throws {
        func nested(_ depth: Int) -> String {
            let (open, close) = (String(repeating: "[", count: depth), String(repeating: "]", count: depth))
            return #"{"fields":[{"name":"a"}],"x":\#(open)\#(close)}"#
        }
        #expect(try schema(nested(63)).table != nil)
        let error = #expect(throws: SchemaError.self) { try schema(nested(64)) }
        #expect(error?.reason.contains("nested too deep, line 1, byte") == true)
    }

    @Test func `may not be larger than a limit`() {
        let error = #expect(throws: SchemaError.self) {
            try Schema(json: [UInt8](repeating: 0x20, count: Schema.largest + 1))
        }
        #expect(error?.reason.contains("64 MiB") == true)
        let many = "[" + String(repeating: "1,", count: 1 << 22) + "1]"
        #expect(throws: SchemaError.self) { try schema(many) }
    }

    @Test func `must be UTF-8`() {
        let error = #expect(throws: SchemaError.self) { try Schema(json: [0x7B, 0xFF]) }
        #expect(error?.description == "it is not UTF-8 at byte 1")
    }
}
