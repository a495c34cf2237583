import CoreMetrics
import EmbeddedMetricFormat
import SluiceEngine

/// Which metrics the function writes. CloudWatch bills each combination of a metric and the values of its dimensions.
package enum MetricsLevel: String, CaseIterable, Sendable {
    /// All, by function and by outcome.
    case all
    /// Those that the alarms of the Terraform module watch, by function alone.
    case alarms
    case none
}

/// The measurements of an invocation.
struct InvocationMetrics {
    /// How the invocation ended; a dimension of every metric.
    enum Outcome: String {
        /// All objects were converted, or there were none.
        case success
        /// At least one object was invalid and was reported; no work is left.
        case badData
        /// At least one object had been deleted, and none was invalid; no work is left.
        case deleted
        /// The invocation failed.
        case failure
    }

    /// Counts what was read, converted to rows and delivered.
    let meter = Meter()
    private let clock: any FunctionClock
    private let start: ContinuousClock.Instant
    private let requestID: String
    private let isColdStart: Bool

    init(requestID: String, isColdStart: Bool, _ clock: any FunctionClock) {
        start = clock.now
        self.clock = clock
        self.requestID = requestID
        self.isColdStart = isColdStart
    }

    var elapsed: Duration { clock.now - start }

    /// Those that alarms watch.
    private static let watched: Set = ["badObjects", "rows", "rejectedRows", "unknownEvents"]

    /// Writes a line with the metrics of the configured level, and with all one for each code for which records were put aside, with
    /// the code as a dimension.
    ///
    /// - Parameters:
    ///   - objects: the number of objects that were converted or reported.
    ///   - faulty: how many of them were invalid.
    ///   - ignored: the number of parts of the event that take no conversion.
    ///   - unknown: how many of them were of an unknown shape. It is a metric only if there are any, since none are expected.
    func write(
        _ outcome: Outcome,
        objects: Int,
        faulty: Int,
        ignored: Int,
        unknown: Int,
        _ configuration: Configuration,
        to output: LineOutput
    ) {
        if configuration.metricsLevel == .none { return }
        let factory = factory(configuration, output)
        var counts: [(String, UInt64)] = [
            ("success", outcome == .failure ? 0 : 1), ("error", outcome == .failure ? 1 : 0),
            ("coldStart", isColdStart ? 1 : 0), ("objects", UInt64(objects)), ("badObjects", UInt64(faulty)),
            ("ignored", UInt64(ignored)), ("rows", meter.rows), ("rejectedRows", meter.rejected),
            ("bytesIn", meter.bytesRead), ("bytesOut", meter.bytesWritten), ("messages", meter.messages),
            ("batches", meter.batches), ("retries", meter.retries),
        ]
        if unknown > 0 { counts.append(("unknownEvents", UInt64(unknown))) }
        if configuration.metricsLevel == .alarms {
            for (name, count) in counts where Self.watched.contains(name) { factory.count(name, count, []) }
            return factory.flush()
        }
        let dimensions = [("outcome", outcome.rawValue)]
        for (name, count) in counts { factory.count(name, count, dimensions) }
        let (seconds, attoseconds) = elapsed.components
        Timer(label: "duration", dimensions: dimensions, factory: factory)
            .recordMicroseconds(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
        for (code, count) in meter.rejects.kinds { factory.count("rejects", count, [("code", code.rawValue)]) }
        factory.flush()
    }

    /// Each invocation has its own, since tests handle several at a time.
    private func factory(_ configuration: Configuration, _ output: LineOutput) -> EmbeddedMetricsFactory {
        let factory = EmbeddedMetricsFactory(
            namespace: configuration.metricsNamespace,
            dimensions: [("function", configuration.functionName)],
            sets: .prefixes,
            units: ["bytesIn": .bytes, "bytesOut": .bytes],
            now: { [clock] in clock.millisecondsSinceEpoch },
            write: { output($0) }
        )
        factory.setProperty("requestId", requestID)
        return factory
    }
}

extension EmbeddedMetricsFactory {
    fileprivate func count(_ name: String, _ count: UInt64, _ dimensions: [(String, String)]) {
        Counter(label: name, dimensions: dimensions, factory: self).increment(by: Int64(clamping: count))
    }
}
