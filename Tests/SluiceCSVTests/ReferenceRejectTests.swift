// Tests of the oracle for rejects: hand-written cases, and what must hold for every input.

import SluiceCSV
import SluiceCases
import SluiceTesting
import Testing

@Suite struct `Reference parser that puts bad records aside` {
    @Test(arguments: Cases.rejects)
    func `agrees with the documentation`(_ example: RejectCase) {
        let base = example.base
        let shape = ReferenceShape(base.shape)
        let table = ReferenceParser.parse(base.input, dialect: base.dialect, shape: shape, rejects: true)
        #expect(table.rows.map { String(decoding: ReferenceJSON.row($0), as: UTF8.self) } == base.expected)
        #expect(table.rejects.map(ExpectedReject.init) == example.rejects)
        #expect(table.error?.place == base.error)
    }

    @Test func `has uniquely named cases that cover every code that concerns one record`() {
        #expect(Set(Cases.rejects.map(\.base.name)).count == Cases.rejects.count)
        #expect(Cases.rejects.allSatisfy { $0.base.dialect.fault == nil })
        let codes = Set(Cases.rejects.flatMap(\.rejects).map(\.code))
        #expect(
            codes == [
                .bareCR, .quoteInPlain, .textAfterQuote, .unterminatedQuote, .raggedRecord, .invalidUTF8, .blankLine,
                .tooManyColumns, .typeMismatch, .constraint,
            ]
        )
    }

    @Test func `names the column, the line of the error and the record's bytes`() {
        let table = ReferenceParser.parse(Array("a,b\r\n\"1\n\"x,2\r\n3\n".utf8), dialect: .rfc4180, rejects: true)
        #expect(table.rejects.map(\.column) == ["a", "b"])
        #expect(table.rejects.map(\.error.line) == [3, 4])
        #expect(table.rejects.map(\.bytes) == [Array("\"1\n\"x,2".utf8), Array("3".utf8)])
        #expect(table.lineStarts == [0, 5, 14] && table.end == 16)
    }

    @Test func `counts no repair of a rejected record`() {
        let input = Array("a,b\nx\",1\ny\"\n".utf8)
        let table = ReferenceParser.parse(input, dialect: Dialect(quoteInPlain: .data), rejects: true)
        #expect(table.repairs.map(\.record) == [2] && table.rejects.map(\.record) == [3])
    }

    @Test func `knows which rejects would be no rows either`() {
        var dialect = Dialect(blankLines: .error)
        (dialect.skippedAfterHeader, dialect.comments) = (1, [Array("#".utf8)])
        let table = ReferenceParser.parse(Array("a\n\n1\"\n#\r\n2\"\n#\r3\n".utf8), dialect: dialect, rejects: true)
        #expect(table.rejects.map(\.code) == [.blankLine, .quoteInPlain, .quoteInPlain, .bareCR])
        #expect(table.rejects.map(\.isRowless) == [true, true, false, true])
    }
}

@Suite struct `Reference parser that puts bad records of random inputs aside` {
    /// The errors that end a run after the header.
    private static let ends: Set<CSVError.Code> = [.recordTooLong]

    private func inputs(_ count: UInt64, _ body: (UInt64, Dialect, [UInt8]) -> Void) {
        for seed in Seeds.part(0, of: count) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            body(seed, dialect, seed % 4 == 0 ? generator.soup() : generator.mutated())
        }
    }

    @Test func `reads inputs without faults as if it put nothing aside`() {
        inputs(4_000) { seed, dialect, input in
            let plain = ReferenceParser.parse(input, dialect: dialect)
            if plain.error != nil { return }
            #expect(ReferenceParser.parse(input, dialect: dialect, rejects: true) == plain, "seed \(seed)")
        }
    }

    @Test func `reads the same up to the first bad record, and rejects that one`() {
        inputs(4_000) { seed, dialect, input in
            let plain = ReferenceParser.parse(input, dialect: dialect)
            let table = ReferenceParser.parse(input, dialect: dialect, rejects: true)
            guard let error = plain.error, let first = table.rejects.first else { return }
            #expect(first.error == error, "seed \(seed)")
            #expect(
                table.rows.starts(with: plain.rows) && table.lineStarts.starts(with: plain.lineStarts),
                "seed \(seed)"
            )
            #expect(first.start == plain.end, "seed \(seed)")
        }
    }

    @Test func `makes each record a row, a reject or none, without gap or overlap`() {
        var rejects = 0
        inputs(8_000) { seed, dialect, input in
            let table = ReferenceParser.parse(input, dialect: dialect, rejects: true)
            rejects += table.rejects.count
            #expect(table.error.map { Self.ends.contains($0.code) || table.rejects.isEmpty } ?? true, "seed \(seed)")
            if table.error == nil { #expect(table.end == UInt64(input.count), "seed \(seed)") }
            let rows = Dictionary(uniqueKeysWithValues: table.rows.map { ($0.start, ($0.end, $0.number)) })
            let bad = Dictionary(uniqueKeysWithValues: table.rejects.map { ($0.start, ($0.end, $0.record)) })
            var skips = dialect.skippedAfterHeader + (dialect.header == .firstRecord ? dialect.headerRows.last ?? 0 : 0)
            let rowless = Set(table.rejects.filter(\.isRowless).map(\.start))
            let ends = table.lineStarts.dropFirst() + [table.end]
            for (index, (start, end)) in zip(table.lineStarts, ends).enumerated() {
                #expect(start < end, "seed \(seed)")
                let record = input[Int(start)..<Int(end)]
                let isBlank =
                    record.first == 0x0A
                    || record.first == 0x0D && (record.count == 1 || record.dropFirst().first == 0x0A)
                let isComment = dialect.comments.contains { record.starts(with: $0) }
                switch (rows[start], bad[start]) {
                case (let found?, nil), (nil, let found?):
                    #expect(found == (end, UInt64(index + 1)), "seed \(seed)")
                    if rowless.contains(start), !isComment, !isBlank { skips -= 1 }
                case (nil, nil):
                    if !isBlank, !isComment { skips -= 1 }
                    #expect(isBlank || isComment || skips >= 0, "seed \(seed), record \(index + 1)")
                case (_?, _?): Issue.record("seed \(seed): a row is a reject")
                }
            }
        }
        #expect(rejects > 1_000 || Seeds.isFew)
    }

    @Test func `makes no line a record that a lenient reading holds inside quotes`() {
        inputs(8_000) { seed, dialect, input in
            var dialect = dialect
            if dialect.unterminated == .nextLine { dialect.unterminated = .error }
            (dialect.maxRecord, dialect.maxColumns) = (Dialect.usualMaxRecord, Dialect.usualMaxColumns)
            var lenient = dialect
            (lenient.quoteInPlain, lenient.afterQuote, lenient.unterminated) = (.data, .append, .close)
            (lenient.ragged, lenient.invalidUTF8) = (.pad, .replace)
            if lenient.bareCR == .error { lenient.bareCR = .data }
            if lenient.blankLines == .error { lenient.blankLines = .skipAll }
            let table = ReferenceParser.parse(input, dialect: dialect, rejects: true)
            let whole = ReferenceParser.parse(input, dialect: lenient)
            if table.error == nil { #expect(table.lineStarts == whole.lineStarts, "seed \(seed)") }
            // A row that is kept is as the lenient reading has it.
            if dialect.ragged == .error || dialect.ragged == .pad, table.error == nil, dialect.header != .none {
                let all = Dictionary(uniqueKeysWithValues: whole.rows.map { ($0.start, $0) })
                for row in table.rows where whole.rows.count > 0 && dialect.blankLines != .error {
                    #expect(all[row.start] == row, "seed \(seed)")
                }
            }
        }
    }

    @Test func `finds line starts inside quotes as a simple scan of plain tables does`() {
        for seed in Seeds.part(0, of: 4_000) {
            var generator = CSVGenerator(seed: seed)
            let input = generator.mutated()
            let table = ReferenceParser.parse(input, dialect: .rfc4180, rejects: true)
            let quoted = offsetsInQuotes(input)
            #expect(!table.lineStarts.contains { quoted.contains(Int($0)) }, "seed \(seed)")
            if table.error == nil {
                let starts = input.indices.dropFirst(1).filter { input[$0 - 1] == 0x0A && !quoted.contains($0) }
                #expect(table.lineStarts.dropFirst().elementsEqual(starts.map(UInt64.init)), "seed \(seed)")
            }
        }
    }

    /// Returns the offsets inside quotes, where quotes open only as the first byte of a field: at the start of the input, or
    /// after a comma or line feed that is not inside quotes.
    private func offsetsInQuotes(_ input: [UInt8]) -> Set<Int> {
        var (inside, result) = (false, Set<Int>())
        var isFieldStart = true
        var offset = input.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while offset < input.count {
            if inside { result.insert(offset) }
            if inside, input[offset] == 0x22, offset + 1 < input.count, input[offset + 1] == 0x22 {
                offset += 1
                result.insert(offset)
            } else if inside {
                inside = input[offset] != 0x22
                isFieldStart = false
            } else {
                inside = isFieldStart && input[offset] == 0x22
                isFieldStart = input[offset] == 0x2C || input[offset] == 0x0A
            }
            offset += 1
        }
        return result
    }

    @Test func `keeps the rows that the input has without the rejects`() {
        inputs(4_000) { seed, dialect, input in
            var dialect = dialect
            // What is left could start like a file of another kind, or a CR could come to stand before an LF.
            (dialect.header, dialect.skippedAfterHeader) = (.firstRecord, 0)
            if dialect.bareCR == .newline { dialect.bareCR = .data }
            let table = ReferenceParser.parse(input, dialect: dialect, rejects: true)
            if table.error != nil || table.rejects.isEmpty { return }
            var (rest, end) = ([UInt8](), 0)
            for reject in table.rejects {
                rest += input[end..<Int(reject.start)]
                end = Int(reject.end)
            }
            let clean = ReferenceParser.parse(rest + input[end...], dialect: dialect)
            if [.utf16Input, .utf32Input, .notCSV].contains(clean.error?.code) { return }
            #expect(clean.error == nil, "seed \(seed)")
            #expect(clean.rows.map(\.values) == table.rows.map(\.values), "seed \(seed)")
        }
    }
}

@Suite struct `Reference line about a reject` {
    private func lines(_ text: Bytes, _ dialect: Dialect = .rfc4180, room: Int = .max) -> [String] {
        ReferenceParser.parse(text.array, dialect: dialect, rejects: true).rejects.map {
            String(decoding: $0.json(source: "t.csv", room: room), as: UTF8.self)
        }
    }

    @Test func `holds the members of the worked example`() {
        let start = #"{"source":"t.csv","code":"quoteInPlain","line":2,"lines":1,"record":2,"field":2,"column":"b","#
        let end = #""offset":4,"end":9,"message":"quote inside an unquoted field, at byte 7","raw":"1,x\"y"}"#
        #expect(lines("a,b\n1,x\"y\n") == [start + end.replacing("\"end\":9", with: "\"end\":10")])
    }

    @Test func `has no field where the error concerns the whole record`() {
        #expect(
            lines("a,b\n\n", Dialect(blankLines: .error)) == [
                #"{"source":"t.csv","code":"blankLine","line":2,"lines":1,"record":2,"offset":4,"end":5,"#
                    + #""message":"blank line","raw":""}"#
            ]
        )
    }

    @Test func `holds bytes that are not UTF-8 as Base64`() {
        #expect(lines("a\nx\(0xFF)\n")[0].hasSuffix(#""message":"bytes are not UTF-8, at byte 3","rawBase64":"eP8="}"#))
        #expect(lines("a\n\(0xFF)\n")[0].hasSuffix(#""rawBase64":"/w=="}"#))
        #expect(lines("a\nxy\(0xFE)\n")[0].hasSuffix(#""rawBase64":"eHn+"}"#))
    }

    @Test func `holds at most the first 4,096 bytes, cut between characters`() {
        let x = String(repeating: "x", count: 4094)
        #expect(lines(Bytes(stringLiteral: "a\n\(x)yz,\n"))[0].hasSuffix("\"raw\":\"\(x)yz\"}"))
        #expect(lines(Bytes(stringLiteral: "a\n\(x)€,\n"))[0].hasSuffix("\"raw\":\"\(x)\"}"))
        #expect(lines(Bytes(stringLiteral: "a\n\(x)é,\n"))[0].hasSuffix("\"raw\":\"\(x)é\"}"))
        // The record's last bytes are no cut character.
        #expect(lines("a\n\(0x78, times: 4094)\(0xE2, 0x82)")[0].contains("\"rawBase64\":"))
        #expect(lines("a\n\(0x78, times: 4094)\(0xE2, 0x82),1\n")[0].contains("\"raw\":"))
        #expect(lines("a\n\(0x78, times: 4094)\(0xFF)y,1\n")[0].contains("\"rawBase64\":"))
    }

    @Test func `fits a message all the same`() {
        let long = lines("a\n\(0, times: 4000),1\n")[0]
        let short = lines("a\n\(0, times: 4000),1\n", room: 3000)[0]
        #expect(long.utf8.count > 24_000 && short.utf8.count <= 3000)
        #expect(short.contains(String(repeating: #"\u0000"#, count: 250) + "\""))
    }
}

extension ExpectedReject {
    fileprivate init(_ reject: ReferenceReject) {
        self.init(
            reject.code,
            reject.record,
            reject.start..<reject.end,
            line: reject.line,
            lines: reject.lines,
            at: reject.errorOffset,
            field: reject.field
        )
    }
}
