import SluiceEngine

/// The measurements of an invocation.
struct InvocationMetrics {
    /// How the invocation ended; a dimension of every metric.
    enum Outcome: String {
        /// All objects were converted, or there were none.
        case success
        /// At least one object was invalid and was reported; no work is left.
        case badData
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

    /// Returns a line for each code for which records were put aside, with the code as a dimension.
    func rejectLines(_ configuration: Configuration) -> [String] {
        meter.rejects.kinds.map { code, count in
            var line = line(of: configuration, "code", code.rawValue)
            line.add("rejects", count)
            return line.line
        }
    }

    /// Returns the line for the log.
    ///
    /// - Parameters:
    ///   - objects: the number of objects that were converted or reported.
    ///   - faulty: how many of them were invalid.
    func line(_ outcome: Outcome, objects: Int, faulty: Int, ignored: Int, _ configuration: Configuration) -> String {
        var line = line(of: configuration, "outcome", outcome.rawValue)
        line.add("success", outcome == .failure ? 0 : 1)
        line.add("error", outcome == .failure ? 1 : 0)
        line.add("coldStart", isColdStart ? 1 : 0)
        line.add("duration", elapsed)
        line.add("objects", UInt64(objects))
        line.add("badObjects", UInt64(faulty))
        line.add("ignored", UInt64(ignored))
        line.add("rows", meter.rows)
        line.add("rejectedRows", meter.rejected)
        line.add("bytesIn", meter.bytesRead, .bytes)
        line.add("bytesOut", meter.bytesWritten, .bytes)
        line.add("messages", meter.messages)
        line.add("batches", meter.batches)
        line.add("retries", meter.retries)
        return line.line
    }

    /// A line without metrics, with the function and that as dimensions.
    private func line(of configuration: Configuration, _ dimension: String, _ value: String) -> EmbeddedMetrics {
        var line = EmbeddedMetrics(
            namespace: configuration.metricsNamespace,
            timestamp: clock.millisecondsSinceEpoch
        )
        line.addDimension("function", configuration.functionName)
        line.addDimension(dimension, value)
        line.addProperty("requestId", requestID)
        return line
    }
}
