import EmbeddedMetricFormat
import SluiceJSON
import Synchronization
import Testing

extension JSONValue {
    var double: Double? { if case .number(let digits) = self { Double(digits) } else { nil } }
    var doubles: [Double]? { elements?.compactMap(\.double) ?? double.map { [$0] } }
}

/// The lines that a factory has written.
final class Written: Sendable {
    private let state = Mutex<[String]>([])

    var lines: [String] { state.withLock { $0 } }

    func add(_ line: String) { state.withLock { $0.append(line) } }

    /// The documents, each after a check that it is valid.
    var documents: [JSONValue] {
        get throws { try lines.map { try Self.check($0) } }
    }

    /// A factory for the tests, whose time stands still.
    func factory(
        dimensions: [(String, String)] = [],
        sets: EmbeddedMetricsFactory.DimensionSets = .together,
        units: [String: MetricUnit] = [:],
        highResolution: Set<String> = []
    ) -> EmbeddedMetricsFactory {
        EmbeddedMetricsFactory(
            namespace: "N",
            dimensions: dimensions,
            sets: sets,
            units: units,
            highResolution: highResolution,
            now: { 1_700_000_000_000 },
            write: add
        )
    }

    /// Checks a line against the format's specification.
    @discardableResult static func check(_ line: String) throws -> JSONValue {
        #expect(!line.contains("\n") && line.utf8.count <= 1 << 20)
        let document = try #require(JSONValue(parsing: line.utf8))
        let metadata = try #require(document["_aws"])
        #expect(metadata["Timestamp"]?.integer != nil)
        for directive in try #require(metadata["CloudWatchMetrics"]?.elements) {
            #expect(1...1024 ~= directive["Namespace"]?.text?.count ?? 0)
            let sets = try #require(directive["Dimensions"]?.elements)
            #expect(!sets.isEmpty)
            for set in sets {
                let names = try #require(set.elements).compactMap(\.text)
                #expect(names.count <= 30 && Set(names).count == names.count)
                for name in names {
                    #expect(1...250 ~= name.count && 1...1024 ~= document[name]?.text?.count ?? 0)
                }
            }
            let metrics = try #require(directive["Metrics"]?.elements)
            #expect(1...100 ~= metrics.count)
            let names = metrics.compactMap { $0["Name"]?.text }
            #expect(Set(names).count == metrics.count)
            for name in names {
                #expect(1...1024 ~= name.count)
                #expect(1...100 ~= document[name]?.doubles?.count ?? 0, "\(name) has no value, or too many")
            }
            for metric in metrics {
                #expect(metric["Unit"]?.text.flatMap(MetricUnit.init) != nil)
                #expect([nil, 1, 60].contains(metric["StorageResolution"]?.integer))
            }
        }
        return document
    }
}
