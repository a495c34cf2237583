import Benchmark
import Foundation

/// The four inputs of inputs.py, 16 MB each: larger than the caches, but quick to generate.
public enum Input: String, CaseIterable, Sendable {
    case narrow, quoted, text, wide

    /// The path of the file, which is generated if it does not exist.
    public var path: String {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("inputs.py").path
        let python = Process()
        let output = Pipe()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3", script, rawValue, "--size", "16M"]
        python.standardOutput = output
        do {
            try python.run()
            let answer = try output.fileHandleForReading.readToEnd() ?? Data()
            python.waitUntilExit()
            guard python.terminationStatus == 0 else { fatalError("inputs.py failed") }
            return String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            fatalError("inputs.py: \(error)")
        }
    }

    /// The file's bytes.
    public var bytes: [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { fatalError("cannot read \(path)") }
        return [UInt8](data)
    }
}

/// The speed that every benchmark here reports: megabytes (10^6) a second of the bytes that the benchmark names.
public let speed = BenchmarkMetric.custom("MB/s", polarity: .prefersLarger, useScalingFactor: false)

/// Returns megabytes a second.
public func megabytes(_ bytes: Int, in time: Duration) -> Int { Int(Double(bytes) / (time / .seconds(1)) / 1e6) }

extension Benchmark {
    /// The configuration of all benchmarks: metrics and duration.
    public static var usual: Benchmark.Configuration {
        .init(metrics: [.wallClock, speed], warmupIterations: 1, maxDuration: .seconds(2))
    }

    /// Runs `work` on `bytes` bytes repeatedly, and reports the speed of each run.
    public func measure(bytes: Int, _ work: () throws -> Void) rethrows {
        for _ in scaledIterations {
            let clock = ContinuousClock()
            let time = try clock.measure(work)
            measurement(speed, megabytes(bytes, in: time))
        }
    }
}
