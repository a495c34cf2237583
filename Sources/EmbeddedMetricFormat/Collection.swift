/// What a metric is, which decides how its values are kept and written.
enum Kind {
    case counter, floatingPointCounter, gauge, recorder, timer
}

/// A dimension, or a member of a document that is none.
struct Property: Hashable {
    var name: String
    var value: String
}

/// A metric: its kind, name and dimensions, as a document may have them. The hash is computed once, since the metric is looked
/// up for each value that is recorded.
struct Key: Hashable {
    let kind: Kind
    let name: String
    let dimensions: [Property]
    private let hash: Int

    /// Makes names and dimensions such that a document with them is valid. Returns nil if the metric's name can't be one.
    init?(_ kind: Kind, _ label: String, _ dimensions: [Property]) {
        let name = label.cut(at: 1024)
        if name.isEmpty || name == Document.metadata { return nil }
        var valid: [Property] = []
        for dimension in dimensions {
            let dimension = Property(name: dimension.name.cut(at: 250), value: dimension.value.cut(at: 1024))
            if dimension.name.isEmpty || dimension.value.isEmpty { continue }
            if dimension.name == name || dimension.name == Document.metadata { continue }
            if let position = valid.firstIndex(where: { $0.name == dimension.name }) {
                valid[position] = dimension
            } else if valid.count < Document.dimensionLimit {
                valid.append(dimension)
            }
        }
        self.kind = kind
        self.name = name
        self.dimensions = valid
        var hasher = Hasher()
        hasher.combine(kind)
        hasher.combine(name)
        hasher.combine(valid)
        hash = hasher.finalize()
    }

    static func == (left: Key, right: Key) -> Bool {
        left.hash == right.hash && left.kind == right.kind && left.name == right.name
            && left.dimensions == right.dimensions
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension String {
    fileprivate func cut(at limit: Int) -> String {
        utf8.count <= limit ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
    }
}

/// A number as it was recorded.
enum Number {
    case integer(Int64)
    case real(Double)

    var real: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        }
    }

    /// Whether CloudWatch takes the number.
    var isValid: Bool { abs(real) <= 0x1p360 }

    /// Sums beyond the range of integers stay at its end.
    static func + (left: Number, right: Number) -> Number {
        guard case (.integer(let first), .integer(let second)) = (left, right) else {
            return .real(left.real + right.real)
        }
        let (sum, isBeyond) = first.addingReportingOverflow(second)
        return .integer(isBeyond ? (second > 0 ? .max : .min) : sum)
    }
}

/// A metric with the values that are to be written.
struct Series {
    let key: Key
    var values: [Number]
}

/// What was recorded since the last flush, in the order in which metrics were first recorded.
struct Collection {
    private var series: [Series] = []
    private var positions: [Key: Int] = [:]

    /// Changes the values of a metric. Returns them, and has them no longer, if they fill the array that a document can have.
    mutating func update(_ key: Key, _ change: (inout [Number]) -> Void) -> Series? {
        let position = positions[key] ?? append(key)
        change(&series[position].values)
        if series[position].values.count < Document.valueLimit { return nil }
        let full = series[position]
        series[position].values = []
        return full
    }

    private mutating func append(_ key: Key) -> Int {
        series.append(Series(key: key, values: []))
        positions[key] = series.count - 1
        return series.count - 1
    }

    mutating func forget(_ key: Key) {
        if let position = positions[key] { series[position].values = [] }
    }

    /// Returns what is to be written. Only gauges, which have a value at any time, are still here afterwards.
    mutating func drain() -> [Series] {
        let drained = series.filter { !$0.values.isEmpty }
        series = []
        positions.removeAll(keepingCapacity: true)
        for gauge in drained where gauge.key.kind == .gauge {
            positions[gauge.key] = series.count
            series.append(gauge)
        }
        return drained
    }
}
