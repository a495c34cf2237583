// Values with parts, missing values and constraints.

import SluiceJSON

extension ValueCase {
    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    }

    static var structures: [ValueCase] {
        var cases = kept(.object, ["{}", #"{"a":1.50,"a":[{}]}"#, #"{"":"\ud800"}"#])
        cases += of(
            .object,
            [
                (" { \"a\" : [ 1 , \"b c\" ] ,\n\"d\":null }\t", .json(#"{"a":[1,"b c"],"d":null}"#)),
                ("{\"\u{FFFE}\":\"\u{FFFF}\"}", .json(#"{"\ufffe":"\uffff"}"#)),
            ]
        )
        cases += refused(.object, as: "jsonKind", ["[]", "1", "\"{}\"", "null"])
        cases += refused(
            .object,
            as: "json",
            [
                "", "{", "}", "{]", "{}{}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":01}",
                "{\"a\":+1}", "{\"a\":.5}", "{\"a\":NaN}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}",
                "{\"a\":tru}", "{,}", "{\"a\":1 \"b\":2}",
            ]
        )
        cases += kept(.array, ["[]", "[[],{}]", "[1,-0,1e999,\"\\u0000\"]", nested(64)])
        cases += of(.array, [("[ ]", .json("[]")), ("[1 , 2]", .json("[1,2]"))])
        cases += refused(.array, as: "jsonKind", ["{}", "true"])
        cases += refused(.array, as: "depth", [nested(65)])
        cases += refused(.array, as: "json", ["[1,]", "[,1]", "[1 2]", "[1", "[1}", "]", "[1]]"])
        cases += of(
            .geoJSON(isTopology: false),
            [
                (
                    "{\"type\": \"Point\", \"coordinates\": [1.50, 2]}",
                    .json(#"{"type":"Point","coordinates":[1.50,2]}"#)
                ),
                (
                    #"{"type":"Feature","geometry":null,"properties":{}}"#,
                    .json(#"{"type":"Feature","geometry":null,"properties":{}}"#)
                ),
                (#"{"type":"FeatureCollection","features":[]}"#, .json(#"{"type":"FeatureCollection","features":[]}"#)),
                (
                    #"{"type":"GeometryCollection","geometries":[]}"#,
                    .json(#"{"type":"GeometryCollection","geometries":[]}"#)
                ),
            ]
        )
        cases += refused(
            .geoJSON(isTopology: false),
            as: "jsonKind",
            [
                "{}", "[]", #"{"type":"Point"}"#, #"{"type":"Circle","coordinates":[1,2]}"#,
                #"{"type":"Feature","geometry":null}"#, #"{"type":"Topology","objects":{},"arcs":[]}"#, #"{"type":1}"#,
            ]
        )
        cases += kept(.geoJSON(isTopology: true), [#"{"type":"Topology","objects":{},"arcs":[]}"#])
        cases += refused(
            .geoJSON(isTopology: true),
            as: "jsonKind",
            [#"{"type":"Topology","objects":{}}"#, #"{"type":"Point","coordinates":[1,2]}"#]
        )
        cases += of(
            .list(delimiter: [UInt8(ascii: ",")], item: .text),
            [
                ("", .json("[]")), ("a", .json(#"["a"]"#)), ("a, b,", .json(#"["a"," b",""]"#)),
                (",", .json(#"["",""]"#)), ("\"", .json(#"["\""]"#)),
            ]
        )
        cases += of(
            .list(delimiter: Array("||".utf8), item: .integer(.init())),
            [
                ("1||-2||+3", .json("[1,-2,3]")), ("1|||2", .mismatch("")), ("1||", .mismatch("")),
                ("01||2", .mismatch("leadingZero")), ("1", .json("[1]")),
            ]
        )
        cases += of(
            .list(delimiter: [UInt8(ascii: ";")], item: .date(.iso)),
            [("2024-01-26;2024-02-30", .mismatch("notInCalendar")), ("2024-01-26", .json(#"["2024-01-26"]"#))]
        )
        cases += of(
            .list(delimiter: [UInt8(ascii: ",")], item: .integer(.init())),
            [("1,9007199254740992", .json(#"[1,"9007199254740992"]"#))]
        ) { $0.bigIntegers = .string }
        cases += of(
            .geoPoint(.text),
            [
                ("90.50, 45.50", .json("[90.50,45.50]")), ("90.50,45.50", .json("[90.50,45.50]")),
                ("-180,+90", .json("[-180,90]")), ("180.1,0", .mismatch("outsideEarth")),
                ("0,-90.0000001", .mismatch("outsideEarth")), ("1", .mismatch("")), ("1,2,3", .mismatch("")),
                ("1 ,2", .mismatch("")), ("007,1", .mismatch("leadingZero")), ("[1,2]", .mismatch("")),
            ]
        )
        cases += of(
            .geoPoint(.array),
            [
                ("[90.50, 45.50]", .json("[90.50,45.50]")), ("[1]", .mismatch("jsonKind")),
                ("[1,2,3]", .mismatch("jsonKind")), ("[\"1\",2]", .mismatch("")), ("1,2", .mismatch("json")),
                ("{}", .mismatch("jsonKind")),
            ]
        )
        cases += of(
            .geoPoint(.object),
            [
                ("{\"lat\": 45.50, \"lon\": 90.50}", .json("[90.50,45.50]")), ("{\"lat\":1}", .mismatch("jsonKind")),
                ("{\"lat\":1,\"lon\":2,\"x\":3}", .mismatch("jsonKind")),
                ("{\"lon\":1,\"lon\":2}", .mismatch("jsonKind")), ("{\"lat\":1,\"lon\":null}", .mismatch("")),
            ]
        )
        return cases
    }

    static var missing: [ValueCase] {
        let texts = ["", "NA", "\\N"].map { Array($0.utf8) }
        var quoted = of(.integer(.init()), [("", .mismatch(""))]) {
            ($0.missingValues, $0.keepsQuotedEmpty) = (texts, true)
        }
        quoted += of(.text, [("", .json("\"\"")), ("NA", .null)]) {
            ($0.missingValues, $0.keepsQuotedEmpty) = (texts, true)
        }
        for index in quoted.indices { quoted[index].isQuoted = true }
        var cases = of(
            .integer(.init()),
            [("", .null), ("NA", .null), ("\\N", .null), ("na", .mismatch("")), ("0", .json("0"))]
        ) { $0.missingValues = texts }
        cases += of(.text, [("", .null), ("x", .json("\"x\""))]) {
            ($0.missingValues, $0.keepsQuotedEmpty) = (texts, true)
        }
        cases += of(.number(.init()), [("NaN", .null), ("INF", .mismatch("notFinite"))]) {
            $0.missingValues = [Array("NaN".utf8)]
        }
        cases += of(.text, [("", .broken("required")), ("x", .json("\"x\""))]) {
            ($0.missingValues, $0.constraints) = (texts, [.required])
        }
        cases += quoted
        return cases
    }

    private static func bounded(
        _ type: FieldType,
        _ constraint: (Constraint.Bound) -> Constraint,
        _ bound: String,
        holds: [String],
        breaks: [String]
    ) -> [ValueCase] {
        let constraints = Constraint.Bound(Array(bound.utf8), of: type).map { [constraint($0)] } ?? []
        let name = constraints.first?.name ?? "no bound"
        var rule = ColumnRule()
        (rule.type, rule.constraints) = (type, constraints)
        let holding = holds.map { text in
            let inner = type == .duration || !isNumber(type) ? "\"\(text)\"" : text
            return ValueCase(text: text, rule: rule, outcome: .json(inner))
        }
        return holding + breaks.map { ValueCase(text: $0, rule: rule, outcome: .broken(name)) }
    }

    private static func isNumber(_ type: FieldType) -> Bool {
        switch type {
        case .integer, .number: true
        default: false
        }
    }

    private static func oneOf(_ type: FieldType, _ texts: [String], isCategories: Bool = false) -> [Constraint] {
        let bounds = texts.compactMap { Constraint.Bound(Array($0.utf8), of: type) }
        return [.oneOf(Constraint.Choice(bounds), isCategories: isCategories)]
    }

    static var constraints: [ValueCase] {
        let (integer, number) = (FieldType.integer(.init()), FieldType.number(.init()))
        let zeros = String(repeating: "0", count: 30)
        var cases = of(
            .text,
            [
                ("é😀", .json("\"é😀\"")), ("e\u{301}", .json("\"e\u{301}\"")), ("x", .broken("minLength")),
                ("xyz", .broken("maxLength")),
            ]
        ) { $0.constraints = [.minLength(2), .maxLength(2)] }
        cases += of(.array, [("[1,[2]]", .json("[1,[2]]")), ("[]", .broken("minLength"))]) {
            $0.constraints = [.minLength(1)]
        }
        cases += of(.object, [("{\"a\":1,\"a\":2}", .json("{\"a\":1,\"a\":2}")), ("{}", .broken("minLength"))]) {
            $0.constraints = [.minLength(2)]
        }
        cases += of(
            .list(delimiter: [UInt8(ascii: ",")], item: .text),
            [("a,b", .json("[\"a\",\"b\"]")), ("a,b,c", .broken("maxLength"))]
        ) { $0.constraints = [.maxLength(2)] }
        cases += bounded(
            integer,
            { .minimum($0) },
            "10",
            holds: ["10", "11", "100000000000000000000"],
            breaks: ["9", "-10", "0", "-100"]
        )
        cases += bounded(
            number,
            { .maximum($0) },
            "0.1",
            holds: ["0.1", "0.10", "1e-1", "-5", "0.0999999999999999999999", "1e-999", "-1e999"],
            breaks: ["0.1" + zeros + "1", "0.11", "1e0", "1e999"]
        )
        cases += bounded(
            number,
            { .exclusiveMinimum($0) },
            "1e20",
            holds: ["100000000000000000001", "1.0000000000000000000001e20", "1e21"],
            breaks: ["1e20", "100000000000000000000.0", "99999999999999999999.9"]
        )
        cases += bounded(
            number,
            { .exclusiveMaximum($0) },
            "-0",
            holds: ["-0.0001", "-1e-999"],
            breaks: ["0", "-0", "0e5", "1"]
        )
        cases += bounded(number, { .minimum($0) }, "-1e-5", holds: ["-0.00001", "0"], breaks: ["-0.000010000001"])
        cases += bounded(
            .date(.iso),
            { .minimum($0) },
            "2024-02-28",
            holds: ["2024-02-28", "2024-02-29", "9999-01-01"],
            breaks: ["2024-02-27", "0999-12-31"]
        )
        cases += bounded(
            .datetime(.iso),
            { .maximum($0) },
            "2024-01-01T12:00:00+02:00",
            holds: ["2024-01-01T10:00:00Z", "2024-01-01T10:00:00", "2024-01-01T05:00:00.000-05:00"],
            breaks: ["2024-01-01T10:00:00.001Z", "2024-01-01T12:00:00"]
        )
        cases += bounded(
            .time(.iso),
            { .exclusiveMinimum($0) },
            "12:00:00",
            holds: ["12:00:01"],
            breaks: ["12:00:00", "11:59:59"]
        )
        cases += bounded(.yearMonth, { .minimum($0) }, "2024-02", holds: ["2024-02", "2025-01"], breaks: ["2024-01"])
        cases += bounded(
            .duration,
            { .minimum($0) },
            "P1M",
            holds: ["P1M", "P32D", "P1Y", "PT768H"],
            breaks: ["P30D", "P31D", "P27D", "-P1Y", "PT0S", "P28D"]
        )
        cases += bounded(
            .duration,
            { .exclusiveMinimum($0) },
            "P1Y",
            holds: ["P13M", "P367D", "P1YT0.000001S", "P366DT1S"],
            breaks: ["P12M", "P366D", "P365D"]
        )
        cases += bounded(
            .duration,
            { .maximum($0) },
            "-P1D",
            holds: ["-P1D", "-PT24H", "-P2D", "-P1M"],
            breaks: ["PT0S", "-PT23H59M59.9S", "P1D"]
        )
        cases += of(.year, [("2023", .broken("minimum")), ("2024", .json("2024"))]) {
            $0.constraints = Constraint.Bound(Array("2024".utf8), of: .year).map { [.minimum($0)] } ?? []
        }
        cases += of(number, [("1.0", .json("1.0")), ("100e-2", .json("100e-2")), ("2", .broken("enum"))]) {
            $0.constraints = oneOf(number, ["1"])
        }
        cases += of(integer, [("3", .json("3")), ("4", .broken("categories"))]) {
            $0.constraints = oneOf(integer, ["+3"], isCategories: true)
        }
        cases += of(.text, [("e\u{301}", .broken("enum")), ("é", .json("\"é\""))]) {
            $0.constraints = oneOf(.text, ["é"])
        }
        cases += of(
            .datetime(.iso),
            [
                ("2024-01-01T11:00:00+01:00", .json("\"2024-01-01T11:00:00+01:00\"")),
                ("2024-01-01T11:00:00Z", .broken("enum")),
            ]
        ) { $0.constraints = oneOf(.datetime(.iso), ["2024-01-01T10:00:00Z"]) }
        cases += of(
            .object,
            [("{\"b\":1.0,\"a\":\"\\u0078\"}", .json("{\"b\":1.0,\"a\":\"\\u0078\"}")), ("{\"b\":1}", .broken("enum"))]
        ) { $0.constraints = oneOf(.object, ["{\"a\":\"x\",\"b\":1}"]) }
        cases += of(.text, [("ab", .broken("minLength")), ("abcd", .broken("enum"))]) {
            $0.constraints = [.minLength(3)] + oneOf(.text, ["abc"])
        }
        cases += of(integer, [("x", .mismatch("")), ("07", .mismatch("leadingZero"))]) {
            $0.constraints = oneOf(integer, ["1"])
        }
        return cases
    }
}
