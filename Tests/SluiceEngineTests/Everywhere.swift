import Sluice
import SluiceCSV
import SluiceJSON
import SluicePlatform
import SluiceTesting

/// Runs a case with every kernel of this machine and in every way to run the engine.
enum Everywhere {
    /// The source of all inputs.
    static let source = "test.csv?size=5&modified=\(modified)"
    static let modified = "2026-01-02T03:04:05.000000006Z"

    struct Outcome: Equatable {
        var output: [UInt8]
        var rows: UInt64
        var error: SluiceError?
        /// The repairs, if the input has no error.
        var repairs = Repairs()
        /// The lines of records that were put aside.
        var rejects: [UInt8] = []

        /// What is known of it where rows are only counted.
        var counted: Outcome {
            Outcome(output: [], rows: error == nil ? rows : 0, error: error, repairs: repairs, rejects: rejects)
        }
    }

    /// Returns the outcome of the reference parser.
    static func expected(
        _ input: [UInt8],
        _ dialect: Dialect,
        _ shape: ReferenceShape = ReferenceShape(),
        rejects: Bool = false
    ) -> Outcome {
        let table = ReferenceParser.parse(input, dialect: dialect, shape: shape, rejects: rejects)
        return Outcome(
            output: ReferenceJSON.lines(table),
            rows: UInt64(table.rows.count),
            error: table.error.map(SluiceError.badData),
            repairs: table.repairs(in: input, dialect),
            rejects: table.rejects.flatMap { $0.json(source: source) + [0x0A] }
        )
    }

    /// Returns the engine's outcomes that differ from the reference, each with the name of its way to run.
    static func differences(
        _ input: [UInt8],
        _ dialect: Dialect,
        _ shape: ReferenceShape = ReferenceShape(),
        rejects: Bool = false,
        pieces: [[Int]]
    ) throws -> [String] {
        let expected = expected(input, dialect, shape, rejects: rejects)
        var differences: [String] = []
        for kernel in Kernel.tried {
            var conversion = CSVConverter(dialect: dialect, kernel: kernel)
            conversion.bufferSize = 64
            conversion.shape = shape.shape
            if rejects { conversion.rejects = RejectRules() }
            for sizes in pieces where stream(input, sizes, conversion) != expected {
                differences.append("\(kernel.name), stream in pieces of \(sizes)")
            }
            // Rows of a chunk fill a small buffer and wait for their turn; a large buffer is passed on out of order.
            for (threads, bufferSize) in [(1, 64), (3, 64), (3, 1 << 16)] {
                conversion.threads = threads
                conversion.bufferSize = bufferSize
                conversion.chunkSize = 64
                if let outcome = try file(input, conversion), outcome != expected {
                    differences.append("\(kernel.name), file with \(threads) threads, buffers of \(bufferSize)")
                }
            }
            differences += try differencesOfCounts(input, conversion, expected.counted, pieces)
        }
        guard shape.shape == RowShape() else { return differences }
        return try differences + differencesOfReadings(input, dialect, rejects: rejects, pieces: pieces)
    }

    /// Returns the first line and the error in which the reference and the best kernel differ.
    static func firstDifference(
        _ input: [UInt8],
        _ dialect: Dialect,
        _ shape: ReferenceShape,
        rejects: Bool = false
    ) -> String {
        var conversion = CSVConverter(dialect: dialect)
        conversion.shape = shape.shape
        if rejects { conversion.rejects = RejectRules() }
        let outcomes = [expected(input, dialect, shape, rejects: rejects), stream(input, [.max], conversion)]
        let lines = outcomes.map {
            ($0.output + $0.rejects).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        }
        let place = zip(lines[0], lines[1]).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let number = place ?? lines.map(\.count).min() ?? 0
        return zip(lines, outcomes).map { lines, outcome in
            "line \(number): \(number < lines.count ? lines[number] : "none"), \(outcome.error.map { "\($0)" } ?? "no error")"
        }.joined(separator: "\n    ")
    }

    /// Returns how the outcomes differ where rows are only checked and counted: in order, in the smallest pieces, and by
    /// threads.
    private static func differencesOfCounts(
        _ input: [UInt8],
        _ conversion: CSVConverter,
        _ expected: Outcome,
        _ pieces: [[Int]]
    ) throws -> [String] {
        var conversion = conversion
        var differences: [String] = []
        conversion.countsOnly = true
        for sizes in pieces.suffix(1) where stream(input, sizes, conversion).counted != expected {
            differences.append("\(conversion.kernel.name), counted, stream in pieces of \(sizes)")
        }
        conversion.threads = 3
        if let outcome = try file(input, conversion), outcome.counted != expected {
            differences.append("\(conversion.kernel.name), counted, file with 3 threads")
        }
        return differences
    }

    private static func stream(_ input: [UInt8], _ sizes: [Int], _ conversion: CSVConverter) -> Outcome {
        outcome(of: Pieces(input, sizes: sizes), conversion)
    }

    /// Returns the engine's outcome for a source.
    static func outcome(of source: any ByteSource, _ conversion: CSVConverter) -> Outcome {
        outcome(conversion) { (conversion: CSVConverter, sink: inout Collected) throws(SluiceError) in
            try conversion.convert(to: &sink) { (.stream(source), SourceName(Self.source)) }
        }
    }

    /// Returns the engine's outcome for a mapped file; nil for an empty one, which can't be mapped.
    static func file(_ input: [UInt8], _ conversion: CSVConverter) throws -> Outcome? {
        guard !input.isEmpty else { return nil }
        let file = try TemporaryFile(input)
        return outcome(conversion) { (conversion: CSVConverter, sink: inout Collected) throws(SluiceError) in
            guard let mapped = MappedFile(descriptor: file.descriptor, count: input.count) else {
                throw .unusable("cannot be mapped")
            }
            return try conversion.convert(to: &sink) { (.mapped(mapped), SourceName(source)) }
        }
    }

    private static func outcome(
        _ conversion: CSVConverter,
        _ convert: (CSVConverter, inout Collected) throws(SluiceError) -> UInt64
    ) -> Outcome {
        var sink = Collected()
        let meter = Meter()
        var conversion = conversion
        conversion.meter = meter
        let log = CollectedRejects()
        conversion.rejectLog = log
        var outcome = Outcome(output: [], rows: 0)
        do throws(SluiceError) {
            outcome.rows = try convert(conversion, &sink)
            outcome.repairs = meter.repairs.first?.repairs ?? Repairs()
        } catch {
            outcome.rows = UInt64(sink.bytes.count { $0 == 0x0A })
            outcome.error = error
        }
        (outcome.output, outcome.rejects) = (sink.bytes, log.lines)
        return outcome
    }
}

/// A log that collects the lines of rejects.
final class CollectedRejects: RejectLog, @unchecked Sendable {
    // Sendable because one thread at a time uses it.
    private(set) var lines: [UInt8] = []

    func write(_ lines: [UInt8]) { self.lines += lines }
}

/// A sink that collects all bytes.
struct Collected: ByteSink {
    typealias Failure = SluiceError

    var bytes: [UInt8] = []
    var ends = 0

    mutating func write(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }
    mutating func finish() { ends += 1 }
}

/// A source that gives its bytes in pieces of the given sizes, used in turn.
struct Pieces: ByteSource {
    private var rest: ArraySlice<UInt8>
    private let sizes: [Int]
    private var next = 0

    init(_ bytes: [UInt8], sizes: [Int]) {
        rest = bytes[...]
        self.sizes = sizes
    }

    /// Returns the sizes of pieces to try: the whole input at once, and single bytes if it is short, since each piece makes
    /// the engine scan an open record again.
    static func sizes(for input: [UInt8]) -> [Int] { input.count < 1000 ? [.max, 1] : [.max, 4097] }

    mutating func read(into memory: UnsafeMutableRawBufferPointer) -> Int {
        let piece = rest.prefix(min(sizes[next % sizes.count], memory.count))
        memory.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        next += 1
        return piece.count
    }
}
