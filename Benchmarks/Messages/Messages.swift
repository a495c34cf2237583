import Benchmark
import CZstdAlone
import Foundation
import Inputs
import Sluice

/// Packing rows into messages of 256 KiB, uncompressed and with zstd. Speeds are MB/s of JSON.
///
/// With zstd, each iteration also compresses the texts of the same messages with libzstd alone, with the same parameters,
/// and one call and one frame for each message. Both run in turn in one process, so the ratio of their speeds holds on a
/// busy machine too. Packing also reads the CSV and writes the JSON, which libzstd alone does not.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = Benchmark.usual
    for input in Input.allCases {
        Benchmark("pack \(input)") { benchmark, packed in
            try benchmark.measure(bytes: packed.size) { try pack(packed.path, level: nil) }
        } setup: {
            try Packed(input, level: nil)
        }
        for level in [1, 3] {
            var both = Benchmark.usual
            both.metrics = [speed, alone, share]
            both.maxDuration = .seconds(5)
            Benchmark("pack \(input) zstd \(level)", configuration: both) { benchmark, packed in
                let clock = ContinuousClock()
                for _ in benchmark.scaledIterations {
                    let packing = try clock.measure { try pack(packed.path, level: level) }
                    let compressing = clock.measure { packed.compressAlone(level: level) }
                    benchmark.measurement(speed, megabytes(packed.size, in: packing))
                    benchmark.measurement(alone, megabytes(packed.size, in: compressing))
                    benchmark.measurement(share, Int(100 * (compressing / packing)))
                }
            } setup: {
                try Packed(input, level: level)
            }
        }
    }
}

let alone = BenchmarkMetric.custom("libzstd alone MB/s", polarity: .prefersLarger, useScalingFactor: false)
let share = BenchmarkMetric.custom("share of libzstd %", polarity: .prefersLarger, useScalingFactor: false)

/// A sink that discards messages.
struct NoSink: MessageSink {
    var bytes = 0

    mutating func send(_ message: Message) { bytes += message.body.count }
    mutating func reject(_ error: CSVError) {}
    mutating func finish() {}
}

/// A sink that collects the texts of messages with rows.
struct TextSink: MessageSink {
    var texts: [Data] = []

    mutating func send(_ message: Message) {
        guard message.records != nil else { return }
        let body = Data(message.body)
        texts.append(Data(base64Encoded: body).flatMap(decompressed) ?? body)
    }

    mutating func reject(_ error: CSVError) {}
    mutating func finish() {}
}

func decompressed(_ frame: Data) -> Data? {
    frame.withUnsafeBytes { frame in
        let size = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        guard size < 1 << 32 else { return nil }
        var text = Data(count: Int(size))
        let written = text.withUnsafeMutableBytes { text in
            ZSTD_decompress(text.baseAddress, text.count, frame.baseAddress, frame.count)
        }
        return written == size ? text : nil
    }
}

func format(level: Int?) -> MessageFormat { MessageFormat(compression: level) }

func pack(_ path: String, level: Int?) throws {
    var sink = NoSink()
    blackHole(try CSVConverter(messageFormat: format(level: level)).messages(file: path, to: &sink))
}

/// An input and the texts of its messages.
struct Packed {
    let path: String
    let texts: [Data]

    /// The number of bytes of JSON in all messages.
    var size: Int { texts.reduce(0) { $0 + $1.count } }

    init(_ input: Input, level: Int?) throws {
        path = input.path
        var sink = TextSink()
        try CSVConverter(messageFormat: format(level: level)).messages(file: path, to: &sink)
        texts = sink.texts
    }

    func compressAlone(level: Int) {
        guard let context = ZSTD_createCCtx() else { fatalError("zstd has no memory") }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(texts.map(\.count).max() ?? 0))
        for text in texts {
            let written = text.withUnsafeBytes { text in
                ZSTD_compress2(context, &output, output.count, text.baseAddress, text.count)
            }
            guard ZSTD_isError(written) == 0 else { fatalError("zstd failed") }
        }
        blackHole(output)
    }
}
