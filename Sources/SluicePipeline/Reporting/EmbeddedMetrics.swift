import SluiceJSON
import SluicePlatform

/// A log line from which CloudWatch extracts metrics (embedded metric format).
///
///     {"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"Sluice",
///      "Dimensions":[["function"],["function","outcome"]],"Metrics":[{"Name":"rows","Unit":"Count"}]}]},
///      "function":"sluice","outcome":"success","rows":3}
package struct EmbeddedMetrics {
    package enum Unit: String {
        case count = "Count"
        case bytes = "Bytes"
        case milliseconds = "Milliseconds"
    }

    /// The most metrics that a line may have.
    static let limit = 100

    private let namespace: String
    /// Milliseconds since 1970.
    private let timestamp: Int64
    private var dimensions: [(name: String, value: String)] = []
    private var properties: [(name: String, json: String)] = []
    private var metrics: [(name: String, unit: Unit, json: String)] = []

    package init(namespace: String, timestamp: Int64) {
        self.namespace = namespace
        self.timestamp = timestamp
    }

    /// Adds a dimension. Metrics are recorded for the first dimension, for the first two together, and so on.
    package mutating func addDimension(_ name: String, _ value: String) { dimensions.append((name, value)) }

    /// Adds a property that can be searched for in the log but is not a metric.
    package mutating func addProperty(_ name: String, _ value: String) {
        properties.append((name, JSONWriter.string(value)))
    }

    package mutating func add(_ name: String, _ value: UInt64, _ unit: Unit = .count) {
        metrics.append((name, unit, "\(value)"))
    }

    package mutating func add(_ name: String, _ value: Duration) {
        metrics.append((name, .milliseconds, Self.milliseconds(value)))
    }

    /// The line, without its line end.
    package var line: String {
        let metrics = metrics.prefix(Self.limit)
        let names = dimensions.map { JSONWriter.string($0.name) }
        let sets = names.indices.map { JSONWriter.array(Array(names[...$0])) }
        let definitions = metrics.map { metric in
            JSONWriter.object([
                ("Name", JSONWriter.string(metric.name)), ("Unit", JSONWriter.string(metric.unit.rawValue)),
            ])
        }
        let directive = JSONWriter.object([
            ("Namespace", JSONWriter.string(namespace)), ("Dimensions", JSONWriter.array(sets)),
            ("Metrics", JSONWriter.array(definitions)),
        ])
        let metadata = JSONWriter.object([
            ("Timestamp", "\(timestamp)"), ("CloudWatchMetrics", JSONWriter.array([directive])),
        ])
        return JSONWriter.object(
            [("_aws", metadata)] + dimensions.map { ($0.name, JSONWriter.string($0.value)) } + properties
                + metrics.map { ($0.name, $0.json) }
        )
    }

    /// Returns a duration in milliseconds, such as `1234.567`.
    package static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
        return "\(microseconds / 1000).\((microseconds % 1000).digits(width: 3))"
    }
}
