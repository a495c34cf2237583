import SluiceCSV
import SluiceEngine
import SluiceJSON
import Testing

@Suite struct `Headers beside a schema` {
    private func schema(_ names: [String], _ match: TableSchema.Match, required: Set<String> = []) -> TableSchema {
        var schema = TableSchema(
            fields: names.map { name in
                var field = TableSchema.Field(name: Array(name.utf8))
                if required.contains(name) { field.rule.constraints = [.required] }
                return field
            }
        )
        schema.match = match
        return schema
    }

    private func plan(_ schema: TableSchema, _ names: [String]) throws(HeaderMismatch) -> [Int?] {
        try schema.plan(for: names.map { Array($0.utf8) })
    }

    private func mismatch(_ schema: TableSchema, _ names: [String]) -> HeaderMismatch? {
        do throws(HeaderMismatch) {
            _ = try plan(schema, names)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            (TableSchema.Match.exact, ["a", "b"], [0, 1]), (.equal, ["b", "a"], [1, 0]),
            (.subset, ["x", "b", "a"], [nil, 1, 0]),
            (.superset, ["b"], [1]), (.superset, [], []), (.partial, ["x", "b"], [nil, 1]),
        ] as [(TableSchema.Match, [String], [Int?])]
    )
    func `give columns their fields`(_ match: TableSchema.Match, _ names: [String], _ fields: [Int?]) throws {
        #expect(try plan(schema(["a", "b"], match), names) == fields)
    }

    @Test func `have repeated names only where columns are mapped by their order`() throws {
        #expect(try plan(schema(["a", "a", "b"], .exact), ["a", "a_2", "b"]) == [0, 1, 2])
    }

    @Test func `are compared byte by byte`() {
        let drift = mismatch(schema(["é"], .exact), ["e\u{301}"])?.drift
        #expect(drift?.respelled.listed == ["e\u{301}"])
    }

    @Test(arguments: ["A", " a", "a\u{A0}", "\u{FEFF}a", "a\u{200B}", "\tA\n"])
    func `are recognized if only case or white space differs`(_ name: String) {
        for match in TableSchema.Match.allCases where match != .partial {
            let drift = mismatch(schema(["a", "b"], match), [name, "b"])?.drift
            #expect(drift == CSVError.HeaderDrift(respelled: CSVError.HeaderDrift.Names(count: 1, listed: [name])))
        }
    }

    @Test func `state what differs, and which match would allow them`() {
        let names = CSVError.HeaderDrift.Names.init
        var drift = CSVError.HeaderDrift(
            missing: names(1, ["b"]),
            unexpected: names(2, ["x", "y"]),
            allowingMatch: "partial"
        )
        drift.misplaced = names(2, ["c", "a"])
        let found = mismatch(schema(["a", "b", "c"], .exact), ["c", "x", "a", "y"])
        #expect(found?.column == 1)
        #expect(found?.drift == drift)
        let required = mismatch(schema(["a", "b"], .partial, required: ["a"]), ["b", "x"])
        #expect(required?.column == 3)
        #expect(required?.drift == CSVError.HeaderDrift(missing: names(1, ["a"])))
    }

    @Test func `list few and short names, whatever the header`() {
        let long = (0..<1000).map { "\($0)" + String(repeating: "\u{1}", count: 100) }
        let drift = mismatch(schema(long.map { "y\($0)" }, .equal), long)?.drift
        #expect(drift?.missing.count == 1000 && drift?.unexpected.count == 1000)
        let error = CSVError(.headerMismatch, offset: 0, record: 1, detail: .drift(drift ?? CSVError.HeaderDrift()))
        #expect(JSONWriter.object(error.members).utf8.count < 1200)
    }

    @Test func `are described the same after a manifest was read`() throws {
        let names = CSVError.HeaderDrift.Names(count: 7, listed: ["a", "b\"\n"])
        for path in [\CSVError.HeaderDrift.missing, \.unexpected, \.misplaced, \.respelled] {
            for match in [nil, "equal"] {
                var drift = CSVError.HeaderDrift(allowingMatch: match)
                drift[keyPath: path] = names
                let error = CSVError(.headerMismatch, offset: 3, line: 1, record: 1, field: 2, detail: .drift(drift))
                let value = try #require(JSONValue(parsing: JSONWriter.object(error.members).utf8))
                #expect(CSVError(value) == error)
                #expect(error.reason.contains("\"a\""))
                #expect(error.reason.hasSuffix(" and 5 more"))
            }
        }
    }
}
