// Tests of the oracle: the reference parser, JSON and packer against the documentation. Everything else is tested against
// them.

import SluiceCSV
import SluiceCases
import SluiceTesting
import Testing

@Suite struct `Reference parser` {
    @Test(arguments: Cases.all + Cases.shapes)
    func `agrees with the documentation`(_ example: Case) {
        let shape = ReferenceShape(example.shape)
        let table = ReferenceParser.parse(example.input, dialect: example.dialect, shape: shape)
        #expect(table.rows.map { String(decoding: ReferenceJSON.row($0), as: UTF8.self) } == example.expected)
        #expect(table.error?.place == example.error)
    }

    @Test func `writes the rows of a case as lines`() {
        for example in Cases.all {
            let table = ReferenceParser.parse(example.input, dialect: example.dialect)
            let lines = example.expected.map { $0 + "\n" }.joined()
            #expect(ReferenceJSON.lines(table).elementsEqual(lines.utf8), "\(example)")
        }
    }

    @Test func `has uniquely named cases that cover every error and every option`() {
        #expect(Cases.all.count >= 150)
        let all = Cases.all + Cases.shapes
        #expect(Set(all.map(\.name)).count == all.count)
        let beyondTheText: Set<CSVError.Code> = [
            .rowTooLarge, .badCompression, .headerMismatch, .inputChanged, .byteOrderMark, .noByteOrderMark,
            .wrongEncoding, .invalidEncoding, .tooManyRejects,
        ]
        let inTheText = Set(CSVError.Code.allCases).subtracting(beyondTheText)
        #expect(Set(all.compactMap(\.error?.code)) == inTheText)
        #expect(Set(Cases.all.map(\.dialect.bareCR)) == Set(Dialect.BareCR.allCases))
        #expect(Set(Cases.all.map(\.dialect.ragged)) == Set(Dialect.Ragged.allCases))
        #expect(Set(Cases.all.map(\.dialect.blankLines)) == Set(Dialect.BlankLines.allCases))
        #expect(Cases.all.allSatisfy { $0.dialect.fault == nil })
    }

    @Test func `knows where records start and end`() {
        let text = "\u{FEFF}\na,b\r\n\"1\n\",2\n\n3,4"
        let table = ReferenceParser.parse(Array(text.utf8), dialect: .rfc4180)
        #expect(table.header == [Array("a".utf8), Array("b".utf8)])
        #expect(table.lineStarts == [3, 4, 9, 16, 17])
        #expect(table.rows.map(\.number) == [3, 5])
        #expect(table.rows.map(\.start) == [9, 17])
        #expect(table.rows.map(\.end) == [16, 20])
        #expect(table.end == 20)
    }

    @Test func `does not count the start of a record with an error`() {
        let table = ReferenceParser.parse(Array("a\n1\nx\"\n2\n".utf8), dialect: .rfc4180)
        #expect(table.lineStarts == [0, 2])
        #expect(table.end == 4)
    }
}

@Suite struct `Reference parser on random inputs` {
    @Test func `finds no error in valid inputs`() {
        for seed in 0..<2_000 as Range<UInt64> {
            var dialect = CSVGenerator.dialect(seed: seed)
            (dialect.bareCR, dialect.quoteInPlain, dialect.afterQuote) = (.error, .error, .error)
            (dialect.unterminated, dialect.ragged) = (.error, .error)
            (dialect.duplicateHeaders, dialect.invalidUTF8, dialect.nulInNames) = (.error, .error, .data)
            (dialect.maxRecord, dialect.maxColumns) = (Dialect.usualMaxRecord, Dialect.usualMaxColumns)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let table = ReferenceParser.parse(generator.valid(), dialect: dialect)
            #expect(table.error == nil, "seed \(seed)")
        }
    }

    @Test func `finds errors in many mutated inputs, and if lenient only those of the whole input`() {
        var errors = 0
        for seed in 0..<2_000 as Range<UInt64> {
            var generator = CSVGenerator(seed: seed)
            let input = generator.mutated()
            if ReferenceParser.parse(input, dialect: .rfc4180).error != nil { errors += 1 }
            let code = ReferenceParser.parse(input, dialect: .lenient).error?.code
            #expect([nil, .utf16Input, .utf32Input, .notCSV, .sepLine].contains(code), "seed \(seed)")
        }
        #expect(errors > 1_000)
    }

    @Test func `reads inputs without errors alike in the strict and the lenient dialect`() {
        for seed in 0..<2_000 as Range<UInt64> {
            var generator = CSVGenerator(seed: seed)
            let input = generator.input()
            let strict = ReferenceParser.parse(input, dialect: .rfc4180)
            if strict.error != nil { continue }
            #expect(strict == ReferenceParser.parse(input, dialect: .lenient), "seed \(seed)")
        }
    }

    @Test func `reads the same rows from the part before an error`() {
        // Repairs in the header's record count even if its names are refused.
        let ofTheHeader: Set<CSVError.Code> = [.utf16Input, .duplicateHeader, .nulInName]
        for seed in 0..<2_000 as Range<UInt64> {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            var table = ReferenceParser.parse(input, dialect: dialect)
            guard let error = table.error, !ofTheHeader.contains(error.code) else { continue }
            table.error = nil
            let part = ReferenceParser.parse(Array(input.prefix(Int(table.end))), dialect: dialect)
            #expect(part == table, "seed \(seed)")
        }
    }
}
