import Sluice
import SluiceCSV
import SluicePlatform
import SluiceTesting

/// Reads the records of a case with every kernel and in every way to read.
extension Everywhere {
    /// Everything that a reader gives for an input.
    struct Reading: Equatable {
        struct Row: Equatable {
            var number: UInt64
            var offset: UInt64
            var line: UInt64
            var values: [[UInt8]]
        }

        struct Left: Equatable {
            var error: String
            var range: Range<UInt64>
            var lines: ClosedRange<UInt64>
            var bytes: [UInt8]
        }

        var header: [String]?
        var rows: [Row] = []
        var rejects: [Left] = []
        var error: SluiceError?

        func difference(from other: Reading) -> String {
            if header != other.header { return "header \(header ?? []), not \(other.header ?? [])" }
            if error != other.error { return "\(String(describing: error)), not \(String(describing: other.error))" }
            if let (row, expected) = zip(rows, other.rows).first(where: { $0 != $1 }) {
                return "\(row), not \(expected)"
            }
            return rows.count != other.rows.count ? "\(rows.count) rows, not \(other.rows.count)" : "rejects \(rejects)"
        }

        mutating func add(_ record: CSVRecord) {
            let values = record.map { [UInt8]($0) }
            rows.append(Row(number: record.number, offset: record.offset, line: record.line, values: values))
            if record.strings != values.map({ String(decoding: $0, as: UTF8.self) }) {
                rows[rows.count - 1].values = []
            }
        }

        /// What an error states, but for its probable cause.
        static func text(of error: CSVError) -> String {
            let column = error.isAboutField ? "field \(error.field) \(error.column ?? "")" : ""
            return "\(error.code) \(error.offset) \(error.line ?? 0) \(error.record) \(column) \(error.reason)"
        }

        mutating func add(_ rejected: [RejectedRecord]) {
            rejects += rejected.map {
                Left(error: Self.text(of: $0.error), range: $0.range, lines: $0.lines, bytes: $0.bytes)
            }
        }
    }

    /// Returns what the reference parser reads.
    static func expectedReading(_ input: [UInt8], _ dialect: Dialect, rejects: Bool) -> Reading {
        let table = ReferenceParser.parse(input, dialect: dialect, rejects: rejects)
        return Reading(
            header: table.header?.map { String(decoding: $0, as: UTF8.self) },
            rows: table.rows.map {
                let line = ReferenceParser.line(of: $0.start, in: input, dialect: dialect)
                return Reading.Row(number: $0.number, offset: $0.start, line: line, values: $0.values)
            },
            rejects: table.rejects.map {
                let lines = $0.line...$0.line + $0.lines - 1
                return Reading.Left(
                    error: Reading.text(of: $0.error),
                    range: $0.start..<$0.end,
                    lines: lines,
                    bytes: $0.bytes
                )
            },
            error: table.error.map(SluiceError.badData)
        )
    }

    /// Returns the readings that differ from the reference, each with the name of its way to read.
    static func differencesOfReadings(
        _ input: [UInt8],
        _ dialect: Dialect,
        rejects: Bool,
        pieces: [[Int]]
    ) throws -> [String] {
        var expected = expectedReading(input, dialect, rejects: rejects)
        expected.rejects = expected.rejects.map { $0.cut(to: Reject.rawLimit) }
        var differences: [String] = []
        for kernel in Kernel.tried {
            let settings = ReaderSettings(
                dialect: dialect,
                invalidRecords: rejects ? .collect : .fail,
                kernel: kernel
            )
            for sizes in pieces {
                let reader = try CSVReader(settings, .stream(Pieces(input, sizes: sizes)))
                let found = reading(of: reader, keeps: sizes.count > 1)
                if found != expected {
                    let place = found.difference(from: expected)
                    differences.append("\(kernel.name), records of a stream in pieces of \(sizes): \(place)")
                }
            }
            guard !input.isEmpty else { continue }
            let file = try TemporaryFile(input)
            guard let mapped = MappedFile(descriptor: file.descriptor, count: input.count) else { continue }
            if reading(of: try CSVReader(settings, .mapped(mapped)), keeps: false) != expected {
                differences.append("\(kernel.name), records of a file")
            }
        }
        return differences
    }

    /// Reads all records. With `keeps`, looks at them only at the end, when those in memory that changed would differ.
    private static func reading(of reader: CSVReader, keeps: Bool) -> Reading {
        var (reading, kept) = (Reading(), [CSVRecord]())
        do throws(SluiceError) {
            while let record = try reader.next() {
                if keeps {
                    kept.append(record.number % 3 == 0 ? record.detached() : record)
                } else {
                    reading.add(record)
                }
            }
        } catch {
            reading.error = error
        }
        for record in kept { reading.add(record) }
        reading.header = reader.knownColumns?.names
        reading.add(reader.takeRejectedRecords())
        return reading
    }
}

extension Everywhere.Reading.Left {
    fileprivate func cut(to count: Int) -> Self {
        var left = self
        left.bytes = Array(bytes.prefix(count))
        return left
    }
}
