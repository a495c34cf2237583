import Synchronization

/// A backend for swift-metrics that writes metrics as log lines, from which Amazon CloudWatch extracts them.
///
///     let metrics = EmbeddedMetricsFactory(
///         namespace: "Shop",
///         dimensions: [("service", "checkout")],
///         units: ["bodyBytes": .bytes]
///     )
///     MetricsSystem.bootstrap(metrics)
///
///     Counter(label: "orders", dimensions: [("country", "CH")]).increment()
///     Timer(label: "payment", dimensions: [("country", "CH")]).recordMilliseconds(12)
///     metrics.flush()
///
/// writes one line to standard output, in [embedded metric format][specification], here folded:
///
///     {"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"Shop",
///      "Dimensions":[["service","country"]],"Metrics":[{"Name":"orders","Unit":"Count"},
///      {"Name":"payment","Unit":"Milliseconds"}]}]},"service":"checkout","country":"CH","orders":1,"payment":12.000}
///
/// In AWS Lambda that is all that is needed. Elsewhere the lines must reach CloudWatch Logs, for instance through the log driver
/// `awslogs` or the CloudWatch agent.
///
/// ## What is written
/// ``flush()`` writes what was recorded since the last one, a line for each set of dimensions. A function calls it at the end
/// of each invocation; a server runs ``run(every:)``.
///
/// - A **counter** writes its increments since the last flush, also if they are 0. Without increments it writes nothing.
///   Counters with the same label and dimensions are added up.
/// - A **meter** or **gauge** writes its present value at every flush, until it is destroyed.
/// - A **recorder** or **timer** writes every value. CloudWatch has percentiles of them.
///
/// A NaN, an infinity, and a number beyond ±2³⁶⁰, which CloudWatch does not take, are not recorded.
///
/// ## Limits
/// The format limits a document, and CloudWatch ignores one that exceeds a limit. So:
/// - More than 100 metrics of the same dimensions take several lines.
/// - A recorder or timer that has 100 values writes them at once, without waiting for a flush. Memory is thereby
///   limited by the number of metrics, not of values.
/// - A metric has at most 30 dimensions; further ones are left out. So are dimensions without a name or value, and those
///   with the metric's own name, since both would be the same member of the line.
/// - Names and values of dimensions are cut at 250 and 1,024 characters, names of metrics at 1,024.
///
/// [specification]: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
public final class EmbeddedMetricsFactory: Sendable {
    /// Which combinations of its dimensions a metric is recorded for. CloudWatch does not add metrics up over dimensions, so
    /// each combination that a graph or an alarm needs must be recorded. Each is a metric that CloudWatch charges for.
    public enum DimensionSets: Sendable {
        /// All dimensions together: `[["service","country"]]`.
        case together
        /// The first dimension, the first two, and so on: `[["service"],["service","country"]]`.
        case prefixes
    }

    private struct State {
        var collection = Collection()
        var units: [String: MetricUnit]
        var properties: [Property] = []
    }

    private let template: DocumentTemplate
    private let dimensions: [Property]
    private let state: Mutex<State>
    private let now: @Sendable () -> Int64
    private let output: @Sendable (String) -> Void

    /// Creates a factory that has recorded nothing.
    ///
    /// - Parameters:
    ///   - namespace: the namespace of all metrics, such as the application's name.
    ///   - dimensions: dimensions of every metric, before its own. A metric's dimension of the same name replaces one.
    ///   - sets: the combinations of dimensions to record metrics for.
    ///   - units: units by label. By default counters have `.count`, timers `.milliseconds`, or the unit that is nearest to what
    ///     the timer prefers, and others `.none`. A timer converts its values to its unit if that is one of time.
    ///   - highResolution: labels of the metrics that CloudWatch stores by the second, not by the minute.
    ///   - now: the time of the metrics, in milliseconds since 1970. By default it is the machine's.
    ///   - write: takes lines without their line ends, from any thread. By default they go to standard output, each in one call.
    public init(
        namespace: String,
        dimensions: [(String, String)] = [],
        sets: DimensionSets = .together,
        units: [String: MetricUnit] = [:],
        highResolution: Set<String> = [],
        now: (@Sendable () -> Int64)? = nil,
        write: (@Sendable (String) -> Void)? = nil
    ) {
        template = DocumentTemplate(namespace: namespace, sets: sets, highResolution: highResolution)
        self.dimensions = dimensions.map { Property(name: $0.0, value: $0.1) }
        state = Mutex(State(units: units))
        self.now = now ?? { Platform.millisecondsSinceEpoch() }
        output = write ?? { Platform.writeLine($0) }
    }

    /// Adds a member to every line from now on, such as the id of a request. It can be searched for in the log, but
    /// is no metric and no dimension. A property with the name of a metric or dimension is left out of that one's lines.
    ///
    /// - Parameters:
    ///   - name: The property's name.
    ///   - value: The value; nil removes the property.
    public func setProperty(_ name: String, _ value: String?) {
        state.withLock { state in
            state.properties.removeAll { $0.name == name }
            if let value { state.properties.append(Property(name: name, value: value)) }
        }
    }

    /// Writes what was recorded since the last flush.
    public func flush() { write { $0.drain() } }

    /// Flushes after each `interval`, and a last time when the task is cancelled. Then it returns.
    ///
    ///     try await withThrowingTaskGroup { group in
    ///         group.addTask { await metrics.run(every: .seconds(60)) }
    ///         try await serve()
    ///         group.cancelAll()
    ///     }
    public func run(every interval: Duration) async {
        repeat {
            try? await Task.sleep(for: interval)
            flush()
        } while !Task.isCancelled
    }

    /// Changes what a metric has recorded. Writes it if it has as many values as a document takes.
    func update(_ key: Key, _ change: (inout [Number]) -> Void) {
        write { collection in
            guard let full = collection.update(key, change) else { return [] }
            return [full]
        }
    }

    /// Forgets what a metric has recorded since the last flush.
    func forget(_ key: Key) { state.withLock { $0.collection.forget(key) } }

    /// Makes `unit` that of a label, unless it has one.
    func prefer(_ unit: MetricUnit, for label: String) {
        state.withLock { state in
            if state.units[label] == nil { state.units[label] = unit }
        }
    }

    /// The key of a metric; nil if it can't have a value in a document.
    func key(_ kind: Kind, _ label: String, _ own: [(String, String)]) -> Key? {
        Key(kind, label, dimensions + own.map { Property(name: $0.0, value: $0.1) })
    }

    /// Writes what `take` takes from the collection. Lines are composed and written without the lock, so that a slow output
    /// delays no other thread.
    private func write(_ take: (inout Collection) -> [Series]) {
        let taken: (series: [Series], units: [String: MetricUnit], properties: [Property])? = state.withLock { state in
            let series = take(&state.collection)
            return series.isEmpty ? nil : (series, state.units, state.properties)
        }
        guard let taken else { return }
        let lines = template.lines(of: taken.series, units: taken.units, properties: taken.properties, timestamp: now())
        for line in lines { output(line) }
    }
}
