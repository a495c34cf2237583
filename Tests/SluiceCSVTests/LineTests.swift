import SluiceCSV
import SluiceTesting
import Testing

@Suite struct `Physical lines` {
    /// Counts line ends byte by byte: each LF and, if CR ends records, each CR without an LF after it.
    private func lineEnds(_ bytes: [UInt8], next: UInt8?, _ dialect: Dialect) -> Int {
        bytes.indices.count { index in
            let following = index + 1 < bytes.count ? bytes[index + 1] : next
            return bytes[index] == 0x0A || (bytes[index] == 0x0D && following != 0x0A && dialect.bareCR == .newline)
        }
    }

    @Test func `are counted identically by every kernel, at lengths around a block and where lanes fill up`() {
        var random = SplitMix64(seed: 7)
        let lengths = Array(0...200) + [255 * 64 - 1, 255 * 64, 255 * 64 + 65, 127 * 64 + 1, 63 * 64 + 1, 40_000]
        for length in lengths {
            for density in [0, 2, 5] as [UInt64] {
                let pieces = Array((density == 0 ? "\n" : density == 2 ? "\n\r" : "\n\r\na,").utf8)
                let bytes = (0..<length).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
                for next in [nil, 0x0A, 0x61] as [UInt8?] {
                    for dialect in [Dialect.rfc4180, Dialect(bareCR: .newline), Dialect(bareCR: .data)] {
                        let expected = lineEnds(bytes, next: next, dialect)
                        for kernel in Kernel.available {
                            let found = bytes.withView { kernel.lineEnds($0, next: next, dialect: dialect) }
                            #expect(found == expected, "\(kernel.name), \(length) bytes")
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: [Dialect.rfc4180, Dialect(bareCR: .newline)])
    func `are found for any offsets in any order`(_ dialect: Dialect) {
        let text = Array("a,b\r\n\"x\ny\rz\",1\r\n\n2,3\r4".utf8)
        text.withView { bytes in
            let window = Window(bytes, offset: 100, line: 7, isLast: true)
            var lines = LineFinder(dialect, .best, window: window)
            for place in [0, 3, 4, 5, 12, 9, 10, 24, 6, 23, 7, 0] + Array(0...text.count) {
                let expected = ReferenceParser.line(of: UInt64(place), in: text, dialect: dialect) + 6
                #expect(lines.line(of: UInt64(100 + place)) == expected, "byte \(place)")
            }
            #expect(lines.line(of: 99) == nil)
        }
    }

    /// Each range is two pieces, whose boundaries must combine.
    @Test func `add up over boundaries, which give the first record for the state before, in any dialect`() {
        var found = 0
        for seed in 0..<4000 as Range<UInt64> {
            var dialect = Dialect(bareCR: seed % 2 == 0 ? .newline : .error)
            if seed % 4 > 0 { CSVGenerator.addFurther(to: &dialect, seed: seed) }
            (dialect.skippedLines, dialect.sepLine) = (0, .error)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.valid()
            let table = ReferenceParser.parse(input, dialect: dialect)
            guard table.error == nil, !input.starts(with: [0xEF]) else { continue }
            found += 1
            var state = ReaderState(RecordPosition.start)
            let size = 1 + Int(seed % 23)
            for start in stride(from: 0, to: input.count, by: size) {
                let end = min(start + size, input.count)
                var range = Boundary()
                for piece in [start..<(start + end) / 2, (start + end) / 2..<end] where !piece.isEmpty {
                    input.withView { bytes in
                        let following = bytes[piece.upperBound..<min(piece.upperBound + dialect.lookahead, bytes.count)]
                        let next = Boundary(bytes[piece], following: following, dialect: dialect, kernel: .best)
                        range = range.followed(by: next)
                    }
                }
                let expected = table.lineStarts.firstIndex { $0 >= UInt64(start) && $0 < UInt64(end) }
                let first = state.firstRecord(in: range)
                #expect(first?.offset == expected.map { table.lineStarts[$0] }, "seed \(seed), byte \(start)")
                #expect(first?.number == expected.map { UInt64($0 + 1) }, "seed \(seed), byte \(start)")
                if let first {
                    #expect(first.line == ReferenceParser.line(of: first.offset, in: input, dialect: dialect))
                }
                let isSplit = input[end - 1] == 0x0D && end < input.count && input[end] == 0x0A
                state = state.after(range)
                let line = ReferenceParser.line(of: UInt64(end), in: input, dialect: dialect)
                #expect(state.line == line || isSplit, "seed \(seed), byte \(end)")
            }
        }
        #expect(found > 2000)
    }
}
