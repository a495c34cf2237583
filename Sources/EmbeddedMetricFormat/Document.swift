/// The limits of the format, and JSON of its values.
enum Document {
    static let dimensionLimit = 30
    static let metricLimit = 100
    static let valueLimit = 100
    /// The member that says which others are metrics.
    static let metadata = "_aws"

    static func string(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }

    static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

    static func object(_ members: [(name: String, json: String)]) -> String {
        "{" + members.map { string($0.name) + ":" + $0.json }.joined(separator: ",") + "}"
    }

    /// `3`, `0.25`. Whole numbers have no fraction, however they were recorded.
    static func number(_ number: Number) -> String {
        switch number {
        case .integer(let value): "\(value)"
        case .real(let value): Int64(exactly: value).map { "\($0)" } ?? "\(value)"
        }
    }

    /// A number of nanoseconds in a unit that has so many of them: 1,002,003,000 of 1,000,000 each are `1002.003`. Three, six or
    /// nine decimals are written.
    static func duration(_ nanoseconds: Int64, unit: Int64) -> String {
        var (fraction, scale) = (nanoseconds % unit, unit)
        while scale > 1000, fraction % 1000 == 0 { (fraction, scale) = (fraction / 1000, scale / 1000) }
        // 3 of 1000 is 1003: all decimals, after a one.
        return "\(nanoseconds / unit)." + String(scale + fraction).dropFirst()
    }
}

/// What all documents of a factory have in common.
struct DocumentTemplate {
    let namespace: String
    let sets: EmbeddedMetricsFactory.DimensionSets
    let highResolution: Set<String>

    /// Returns documents with all these metrics: at least one for each list of dimensions, in the order of first appearance.
    func lines(
        of series: [Series],
        units: [String: MetricUnit],
        properties: [Property],
        timestamp: Int64
    ) -> [String] {
        var lists: [[Property]] = []
        var groups: [[Property]: [Series]] = [:]
        for one in series {
            if groups[one.key.dimensions] == nil { lists.append(one.key.dimensions) }
            groups[one.key.dimensions, default: []].append(one)
        }
        return lists.flatMap { dimensions in
            Self.documents(of: groups[dimensions] ?? []).map { metrics in
                line(metrics, dimensions, units, properties, timestamp)
            }
        }
    }

    /// Distributes metrics of the same dimensions over documents. Two of the same name, which are of different kinds, are never in
    /// the same document.
    private static func documents(of metrics: [Series]) -> [[Series]] {
        var documents: [(metrics: [Series], names: Set<String>)] = []
        for metric in metrics {
            let free = documents.firstIndex { document in
                document.metrics.count < Document.metricLimit && !document.names.contains(metric.key.name)
            }
            if let free {
                documents[free].metrics.append(metric)
                documents[free].names.insert(metric.key.name)
            } else {
                documents.append(([metric], [metric.key.name]))
            }
        }
        return documents.map(\.metrics)
    }

    private func line(
        _ metrics: [Series],
        _ dimensions: [Property],
        _ units: [String: MetricUnit],
        _ properties: [Property],
        _ timestamp: Int64
    ) -> String {
        // The members of a document that CloudWatch reads, by name. A property must not hide one.
        let used = Set(metrics.map(\.key.name) + dimensions.map(\.name) + [Document.metadata])
        let others = properties.filter { !used.contains($0.name) }
        var values: [(name: String, json: String)] = []
        var definitions: [String] = []
        for metric in metrics {
            let unit = unit(of: metric, units)
            values.append((metric.key.name, value(of: metric, unit)))
            definitions.append(definition(of: metric, unit))
        }
        let directive = Document.object([
            ("Namespace", Document.string(namespace)), ("Dimensions", Document.array(names(of: dimensions))),
            ("Metrics", Document.array(definitions)),
        ])
        let metadata = Document.object([
            ("Timestamp", "\(timestamp)"), ("CloudWatchMetrics", Document.array([directive])),
        ])
        return Document.object(
            [(Document.metadata, metadata)] + dimensions.map { ($0.name, Document.string($0.value)) }
                + others.map { ($0.name, Document.string($0.value)) } + values
        )
    }

    /// The sets of names of dimensions. One that is empty records the metric without dimensions.
    private func names(of dimensions: [Property]) -> [String] {
        let names = dimensions.map { Document.string($0.name) }
        switch sets {
        case .prefixes where !names.isEmpty: return names.indices.map { Document.array(Array(names[...$0])) }
        case .prefixes, .together: return [Document.array(names)]
        }
    }

    /// A timer has a unit of time, whatever was asked for.
    private func unit(of metric: Series, _ units: [String: MetricUnit]) -> MetricUnit {
        let standard = MetricUnit.standard(metric.key.kind)
        guard let unit = units[metric.key.name] else { return standard }
        return metric.key.kind == .timer && unit.nanoseconds == nil ? standard : unit
    }

    private func definition(of metric: Series, _ unit: MetricUnit) -> String {
        var members = [("Name", Document.string(metric.key.name)), ("Unit", Document.string(unit.rawValue))]
        if highResolution.contains(metric.key.name) { members.append(("StorageResolution", "1")) }
        return Document.object(members.map { (name: $0.0, json: $0.1) })
    }

    private func value(of metric: Series, _ unit: MetricUnit) -> String {
        let numbers = metric.values.map { number -> String in
            guard metric.key.kind == .timer, case .integer(let nanoseconds) = number,
                let size = unit.nanoseconds
            else { return Document.number(number) }
            return Document.duration(nanoseconds, unit: size)
        }
        return numbers.count == 1 ? numbers[0] : Document.array(numbers)
    }
}
