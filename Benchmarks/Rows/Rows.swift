import Benchmark
import Inputs
import Sluice

/// A sink that discards rows.
struct NoSink: ByteSink {
    var bytes = 0

    mutating func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes.count }
    mutating func finish() {}
}

/// Reading records alone, with the reader, and converting to rows: from a mapped file to a sink that discards them, with
/// each instruction set and with two threads. Speeds are MB/s of CSV.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = Benchmark.usual
    for input in Input.allCases {
        Benchmark("records \(input)") { benchmark, bytes in
            try benchmark.measure(bytes: bytes.count) { blackHole(try fields(in: bytes)) }
        } setup: {
            input.bytes
        }
        for kernel in Kernel.available {
            Benchmark("rows \(input) \(kernel.name)") { benchmark, file in
                try benchmark.measure(bytes: file.size) { try convert(file.path, kernel: kernel, threads: 1) }
            } setup: {
                let path = input.path
                return (path: path, size: input.bytes.count)
            }
        }
        Benchmark("rows \(input) 2 threads") { benchmark, file in
            try benchmark.measure(bytes: file.size) { try convert(file.path, kernel: .best, threads: 2) }
        } setup: {
            let path = input.path
            return (path: path, size: input.bytes.count)
        }
    }
}

func fields(in bytes: [UInt8]) throws -> Int {
    let reader = try CSVReader(bytes)
    var count = 0
    while let record = try reader.next() { count += record.count }
    return count
}

func convert(_ path: String, kernel: Kernel, threads: Int) throws {
    var sink = NoSink()
    blackHole(try CSVConverter(threads: threads, kernel: kernel).convert(file: path, to: &sink))
}
