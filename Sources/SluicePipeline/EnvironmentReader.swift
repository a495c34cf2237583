import Logging
import SluiceEngine
import SluicePlatform

/// Reads variables of the environment and collects their faults.
struct EnvironmentReader {
    private let environment: @Sendable (String) -> String?
    private(set) var faults: [String] = []

    init(_ environment: @escaping @Sendable (String) -> String?) { self.environment = environment }

    /// Returns the value of a variable that is set and not empty.
    func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }

    mutating func add(_ fault: String) { faults.append(fault) }

    /// Adds a fault of variables that contradict each other: of those that are set.
    mutating func addConflict(_ fault: String, of names: [String]) {
        add("\(names.filter { value($0) != nil }.joined(separator: ", ")): \(fault)")
    }

    mutating func missing(_ name: String, _ meaning: String) {
        // A variable that is set but invalid has been reported already.
        if value(name) == nil { faults.append("\(name) is not set; it takes \(meaning)") }
    }

    mutating func url(_ name: String) -> String? {
        guard let text = value(name) else { return nil }
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) && text.count > scheme.count { return text }
        return fault(name, takes: "a URL with https:// or http://")
    }

    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = value(name) else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        return fault(name, takes: "a number from \(range.lowerBound) to \(range.upperBound)")
    }

    /// Reads a number of bytes, with or without a unit.
    mutating func size(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = value(name) else { return nil }
        return ByteCount.parse(text, in: range) ?? fault(name, takes: ByteCount.expectation(range))
    }

    mutating func flag(_ name: String) -> Bool {
        switch value(name)?.lowercased() {
        case nil, "false", "0": return false
        case "true", "1": return true
        default: return fault(name, takes: "true or false") ?? false
        }
    }

    /// Reads a zstd level; `true` stands for the default level.
    mutating func level(_ name: String) -> Int? {
        switch value(name)?.lowercased() {
        case nil, "false", "0": return nil
        case "true": return ZstdCompressor.usualLevel
        case let text?:
            let levels = ZstdCompressor.levels
            if let level = Int(text), levels.contains(level) { return level }
            return fault(name, takes: "true, false or a level from \(levels.lowerBound) to \(levels.upperBound)")
        }
    }

    /// Reads a value of an enumeration by its raw value.
    mutating func choice<Value: CaseIterable & RawRepresentable<String>>(_ name: String) -> Value? {
        guard let text = value(name) else { return nil }
        if let value = Value(rawValue: text) { return value }
        return fault(name, takes: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }

    /// Reads values of an enumeration, separated by commas.
    mutating func choices<Value: CaseIterable & RawRepresentable<String> & Hashable>(_ name: String) -> Set<Value> {
        var values: Set<Value> = []
        for word in (value(name) ?? "").split(separator: ",").map({ $0.trimmed { $0 == " " } }) {
            if let value = Value(rawValue: word) {
                values.insert(value)
            } else {
                return fault(name, takes: "some of " + Value.allCases.map(\.rawValue).joined(separator: ", ")) ?? []
            }
        }
        return values
    }

    /// Reads where rows that do not fit into a message go, if `oversize` says to offload them.
    mutating func offload(_ oversize: MessageFormat.Oversize) -> Configuration.Offload? {
        guard oversize == .offload else { return nil }
        guard let bucket = value("SLUICE_OFFLOAD_BUCKET") else {
            missing("SLUICE_OFFLOAD_BUCKET", "the bucket for rows that fit no message, for SLUICE_OVERSIZE=offload")
            return nil
        }
        return Configuration.Offload(bucket: bucket, prefix: value("SLUICE_OFFLOAD_PREFIX") ?? "")
    }

    mutating func logLevel(_ name: String) -> Logger.Level? {
        guard let text = value(name)?.lowercased() else { return nil }
        // Lambda's own names, where they differ.
        let names = ["warn": "warning", "fatal": "critical"]
        if let level = Logger.Level(rawValue: names[text] ?? text) { return level }
        return fault(name, takes: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
    }

    /// Reads suffixes of keys, separated by commas. Returns an empty array for `*`.
    mutating func suffixes(_ name: String) -> [String]? {
        guard let text = value(name) else { return nil }
        if text == "*" { return [] }
        let suffixes = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed { $0 == " " } }
        if !suffixes.contains("") { return suffixes }
        return fault(name, takes: "suffixes of keys, separated by commas, such as .csv,.tsv, or * for every key")
    }

    /// Reads a label of the WHATWG Encoding Standard.
    mutating func encoding(_ name: String) -> Encoding? {
        guard let label = value(name) else { return nil }
        if let encoding = Encoding(label: label) { return encoding }
        return fault(name, takes: "a label of the WHATWG Encoding Standard for UTF-8, UTF-16 or a single-byte encoding")
    }

    mutating func fault<Value>(_ name: String, takes values: String) -> Value? {
        faults.append("\(name) takes \(values), not '\(value(name) ?? "")'")
        return nil
    }
}
