import Sluice
import SluiceJSON

/// What a run did, in numbers.
struct RunSummary {
    private let meter: Meter
    private let kernel: String
    private let threads: Int
    private let elapsed: Duration

    init(_ meter: Meter, kernel: String, threads: Int, elapsed: Duration) {
        self.meter = meter
        self.kernel = kernel
        self.threads = threads
        self.elapsed = elapsed
    }

    /// `3 rows of 4 records; 96 B read, 120 B written in 0.001 s, 0.1 MB/s; kernel avx2, threads 2`.
    var text: String {
        let rejected = meter.rejected > 0 ? ", \(meter.rejected) rejected" : ""
        return "\(meter.rows) rows of \(meter.records) records\(rejected); "
            + "\(Measure.bytes(meter.bytesRead)) read, \(Measure.bytes(meter.bytesWritten)) written "
            + "in \(Measure.fixed(elapsed.inSeconds, digits: 3)) s, \(rate) MB/s; kernel \(kernel), threads \(threads)"
    }

    /// The same for programs; MB are 1,000,000 bytes of input.
    var members: [(name: String, json: String)] {
        [
            ("rows", "\(meter.rows)"), ("records", "\(meter.records)"), ("rejected", "\(meter.rejected)"),
            ("bytesRead", "\(meter.bytesRead)"), ("bytesWritten", "\(meter.bytesWritten)"),
            ("seconds", Measure.fixed(elapsed.inSeconds, digits: 6)), ("megabytesPerSecond", rate),
            ("kernel", JSONText.string(kernel)), ("threads", "\(threads)"),
        ]
    }

    private var rate: String {
        Measure.fixed(Measure.megabytesPerSecond(meter.bytesRead, in: elapsed), digits: 1)
    }
}
