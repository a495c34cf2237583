import Benchmark
import CSluiceKernels
import Inputs

/// Each function of the kernels, with each instruction set of this processor, called as the engine calls it: once for each
/// 32 KiB. Speeds are MB/s of CSV.
///
/// Only whole records are indexed, so each call starts after the last complete record.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = Benchmark.usual
    for position in 0..<sluice_kernel_count() {
        guard let kernel = sluice_kernel_at(position)?.pointee else { continue }
        let name = String(cString: kernel.name)
        for input in Input.allCases {
            Benchmark("index \(input) \(name)") { benchmark, bytes in
                let memory = IndexMemory()
                benchmark.measure(bytes: bytes.count) { memory.index(bytes, with: kernel) }
            } setup: {
                input.bytes
            }
            Benchmark("boundary \(input) \(name)") { benchmark, bytes in
                var boundary = sluice_boundary()
                benchmark.measure(bytes: bytes.count) {
                    eachStretch(bytes) { kernel.find_boundary($0, $1, -1, IndexMemory.dialect, &boundary) }
                }
                blackHole(boundary)
            } setup: {
                input.bytes
            }
        }
        Benchmark("utf8 text \(name)") { benchmark, bytes in
            var valid: Int32 = 0
            benchmark.measure(bytes: bytes.count) { eachStretch(bytes) { valid += kernel.is_utf8($0, $1) } }
            blackHole(valid)
        } setup: {
            Input.text.bytes
        }
        Benchmark("escapes text \(name)") { benchmark, bytes in
            var masks = [UInt64](repeating: 0, count: IndexMemory.size / 64 + 1)
            benchmark.measure(bytes: bytes.count) { eachStretch(bytes) { kernel.escapes($0, $1, &masks) } }
            blackHole(masks)
        } setup: {
            Input.text.bytes
        }
    }
}

/// Calls `body` with the start and length of each stretch of 32 KiB.
func eachStretch(_ bytes: [UInt8], _ body: (UnsafePointer<UInt8>, Int) -> Void) {
    bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        for start in stride(from: 0, to: buffer.count, by: IndexMemory.size) {
            body(base + start, min(IndexMemory.size, buffer.count - start))
        }
    }
}

/// The memory for the index of one stretch.
final class IndexMemory {
    static let size = 1 << 15
    static let dialect = sluice_dialect(
        delimiter: UInt8(ascii: ","),
        quote: UInt8(ascii: "\""),
        bare_cr: UInt8(SLUICE_CR_VIOLATION)
    )
    private var fieldEnds = [UInt32](repeating: 0, count: size + 80)
    private var escapeMask = [UInt64](repeating: 0, count: size / 64 + 1)

    func index(_ bytes: [UInt8], with kernel: sluice_kernel) {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var start = 0
            while start < buffer.count {
                let count = min(Self.size, buffer.count - start)
                let isLast: Int32 = start + count == buffer.count ? 1 : 0
                var result = sluice_index()
                kernel.index(base + start, count, isLast, Self.dialect, &fieldEnds, &escapeMask, &result)
                guard result.violation == count, result.complete_count > 0 else {
                    fatalError("the input is not as expected")
                }
                start =
                    isLast == 1
                    ? buffer.count : start + Int(fieldEnds[result.complete_count - 1] >> SLUICE_END_SHIFT) + 1
            }
        }
    }
}
