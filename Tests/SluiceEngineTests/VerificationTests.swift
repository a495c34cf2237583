import Sluice
import SluiceCSV
import SluiceEngine
import SluiceTesting
import Testing

@Suite struct `Verification` {
    /// An input, and the lines of its messages.
    private struct Drawn {
        let csv: [UInt8]
        let converter: CSVConverter
        var lines: [[UInt8]]
        var random: SplitMix64

        init(seed: UInt64) throws {
            random = SplitMix64(seed: seed)
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            csv = generator.input()
            let text: MessageFormat.Text = seed % 2 == 0 ? .json : .ndjson
            let limit = MessageFormat.attributeReserve + [150, 500, 5000][Int(seed / 2 % 3)]
            let format = MessageFormat(
                limit: limit,
                text: text,
                compression: seed % 5 == 0 ? 1 : nil,
                oversize: .offload
            )
            converter = CSVConverter(dialect: dialect, messageFormat: format.cutting(segmentSize: 1 << 10))
            var sink = MessageLineSink(Collected())
            let packed = Packed.pack(.stream(Pieces(csv, sizes: [.max])), converter)
            for message in packed.messages { try sink.send(message) }
            lines = sink.sink.bytes.split(separator: 0x0A).map(Array.init)
        }

        var archive: [UInt8] { Array(lines.joined(separator: [0x0A])) }

        /// Changes up to three bytes or lines.
        mutating func damage() {
            for _ in 0..<Int.random(in: 0...3, using: &random) where !lines.isEmpty {
                let place = Int.random(in: 0..<lines.count, using: &random)
                switch Int.random(in: 0..<10, using: &random) {
                case 0: lines.remove(at: place)
                case 1: lines.append(lines[place])
                case 2: lines.swapAt(place, 0)
                case 3: lines[place] = lines[place].dropLast(Int.random(in: 1...3, using: &random))
                default: lines[place] = damaged(lines[place])
                }
            }
        }

        private mutating func damaged(_ line: [UInt8]) -> [UInt8] {
            guard !line.isEmpty else { return [] }
            var line = line
            let place = Int.random(in: 0..<line.count, using: &random)
            let bytes: [[UInt8]] = [
                [0x22], [0x5C], [0x5C, 0x5C], [0x5C, 0x22], [0x5C, 0x5C, 0x5C, 0x22], [0x2C], [0x3A], [0x7B], [0x7D],
                [0x5B],
                [0x5D], Array("\\n".utf8), Array("\\\\n".utf8), Array("\\\\u00e9".utf8), Array("\\\\u00g9".utf8),
                Array("\\u0041".utf8), Array("\\/".utf8), [0x00], [0x1F], [0x7F], [0xC3, 0xA9], [0xC3], [0x61], [0x30],
                [],
            ]
            let new = bytes[Int.random(in: 0..<bytes.count, using: &random)]
            let removed = Int.random(in: 0...2, using: &random)
            line.replaceSubrange(place..<min(line.count, place + removed), with: new)
            return line
        }
    }

    /// What is found in an archive, for each source, or why it can't be read.
    private struct Verdict: Equatable {
        var findings: [String: [String]] = [:]
        var rows: [String: UInt64] = [:]
        var deliveries: [Delivery] = []
        var error: String?

        init(_ deliveries: [Delivery]) {
            self.deliveries = deliveries
            for index in deliveries.indices {
                let source = deliveries[index].source
                findings[source] = self.deliveries[index].check().map(\.text)
                rows[source] = self.deliveries[index].rows
            }
        }

        init(error: String) { self.error = error }

        static func == (one: Verdict, other: Verdict) -> Bool {
            one.findings == other.findings && one.rows == other.rows && one.error == other.error
        }
    }

    /// Reads every message with the general JSON reader.
    private func slowVerdict(_ archive: [UInt8]) -> Verdict {
        var deliveries: [Delivery] = []
        for (place, line) in archive.split(separator: 0x0A).enumerated() {
            guard let message = ReceivedMessage(json: Array(line)) else { return Verdict(error: "\(place + 1)") }
            let source = message.source ?? ""
            var index = deliveries.firstIndex { $0.source == source }
            if index == nil {
                index = deliveries.count
                deliveries.append(Delivery(source: source))
            }
            if let index { deliveries[index].add(message, place: place) }
        }
        return Verdict(deliveries)
    }

    private func verdict(
        _ archive: MessageArchive,
        _ kernel: Kernel,
        threads: Int,
        countsRows: Bool = true
    ) -> Verdict {
        do throws(SluiceError) {
            return Verdict(
                try Delivery.all(in: archive, countsRows: countsRows, kernel: kernel, threads: threads)
            )
        } catch {
            let number = "\(error)".split(separator: " ").lazy.compactMap { Int($0) }.first
            return Verdict(error: number.map(String.init) ?? "\(error)")
        }
    }

    @Test(arguments: 0..<4)
    func `finds the same in the escaped text as in the text`(_ part: UInt64) throws {
        for seed in Seeds.part(part, of: 400) {
            var drawn = try Drawn(seed: seed)
            if seed % 4 > 0 { drawn.damage() }
            let bytes = drawn.archive
            guard !bytes.isEmpty else { continue }
            let file = try TemporaryFile(bytes)
            let expected = slowVerdict(bytes)
            for kernel in Kernel.available {
                for (threads, pieceSize) in [(1, 1 << 20), (1, 100), (3, 700)] {
                    var archive = try MessageArchive(file.path, maxBody: MessageRows.usualLimit)
                    archive.pieceSize = pieceSize
                    let found = verdict(archive, kernel, threads: threads)
                    #expect(found == expected, "seed \(seed), \(kernel.name), \(threads) threads")
                }
            }
        }
    }

    @Test(arguments: 0..<4)
    func `finds nothing in messages that equal those of the input`(_ part: UInt64) throws {
        for seed in Seeds.part(part, of: 400) {
            var drawn = try Drawn(seed: seed)
            if seed % 4 > 0 { drawn.damage() }
            let (bytes, csv) = (drawn.archive, drawn.csv)
            guard !bytes.isEmpty, !csv.isEmpty else { continue }
            let (file, input) = (try TemporaryFile(bytes), try TemporaryFile(csv))
            let archive = try MessageArchive(file.path, maxBody: MessageRows.usualLimit)
            let unread = verdict(archive, .best, threads: 1, countsRows: false)
            guard let delivery = unread.deliveries.first, unread.deliveries.count == 1,
                unread.findings[delivery.source] == []
            else { continue }
            let differences = [true, false].map { isEscaped in
                var converter = drawn.converter
                converter.needsEscapedBodies = isEscaped
                return difference(of: delivery, archive, converter, input.path)
            }
            #expect(differences[0] == differences[1], "seed \(seed)")
            if differences[0] == nil { #expect(slowVerdict(bytes) == unread, "seed \(seed)") }
        }
    }

    private func difference(
        of delivery: Delivery,
        _ archive: MessageArchive,
        _ converter: CSVConverter,
        _ input: String
    ) -> String? {
        var comparison = MessageComparison(delivery, in: archive, maxBody: MessageRows.usualLimit)
        do throws(SluiceError) {
            try converter.messages(file: input, under: delivery.wholeSource, to: &comparison)
            return comparison.difference
        } catch {
            return "\(error)"
        }
    }
}
