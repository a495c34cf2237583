// What a field's text becomes under a column's rule, in a slow and obvious way: the oracle for the engine's typed values.

import SluiceCSV
import SluiceJSON

/// A value as a type reads it.
struct ReferenceTyped {
    var json: String
    var key: ReferenceKey
    /// Code points of a string, elements of an array, list or object.
    var length = 0
    /// Whether it is or holds an integer beyond ±(2^53 - 1).
    var isBig = false
}

/// Why a text is refused: the rule that the error names.
struct ReferenceRefusal: Error {
    var rule: String

    init(_ rule: String = "") { self.rule = rule }
}

package enum ReferenceValue {
    /// Returns the JSON of a field's text; nil if it is a missing value.
    ///
    /// - Parameter comparedText: what missing values are compared with, if it is not the text.
    package static func json(
        of text: [UInt8],
        comparedText: [UInt8]? = nil,
        isQuoted: Bool,
        rule: ColumnRule
    ) -> Result<[UInt8]?, RuleBreach> {
        let keepsEmpty = rule.keepsQuotedEmpty && isQuoted && text.isEmpty
        if rule.missingValues.contains(comparedText ?? text), !keepsEmpty {
            return rule.constraints.contains(.required)
                ? .failure(breach(.constraint, "required", text, rule)) : .success(nil)
        }
        do throws(ReferenceRefusal) {
            let value = try typed(text, rule)
            if let name = rule.constraints.first(where: { !isMet($0, value, text, rule.type) }).map(name) {
                return .failure(breach(.constraint, name, text, rule))
            }
            return .success(Array(value.json.utf8))
        } catch {
            let trimmed = trimmed(text)
            let isSpaced = trimmed != text && (try? read(trimmed, rule.type, rule)) != nil
            let name = isSpaced ? isQuoted ? "spaceInQuotes" : "space" : error.rule
            return .failure(breach(.typeMismatch, name, text, rule))
        }
    }

    private static func typed(_ text: [UInt8], _ rule: ColumnRule) throws(ReferenceRefusal) -> ReferenceTyped {
        let value = try read(text, rule.type, rule)
        if value.isBig, rule.bigIntegers == .error { throw ReferenceRefusal("bigInteger") }
        return value
    }

    private static func trimmed(_ text: [UInt8]) -> [UInt8] {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        return Array(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    private static func breach(
        _ code: CSVError.Code,
        _ rule: String,
        _ text: [UInt8],
        _ column: ColumnRule
    ) -> RuleBreach {
        var (start, size) = (String.UnicodeScalarView(), 0)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            size += String(scalar).utf8.count
            if size > 40 { break }
            start.append(scalar)
        }
        let shown = String(start) + (text.count > 40 ? "…" : "")
        return RuleBreach(
            code: code,
            detail: .value(CSVError.Value(text: shown, type: column.type.name, rule: rule))
        )
    }
}

extension ReferenceValue {
    static func read(
        _ text: [UInt8],
        _ type: FieldType,
        _ rule: ColumnRule
    ) throws(ReferenceRefusal) -> ReferenceTyped {
        let string = String(decoding: text, as: UTF8.self)
        switch type {
        case .string(let format):
            guard ReferenceStrings.isValid(string, format) else { throw ReferenceRefusal(format.rawValue) }
            return ReferenceTyped(
                json: ReferenceJSON.string(text),
                key: .text(text),
                length: string.unicodeScalars.count
            )
        case .integer(let form):
            let number = try ReferenceNumber.read(string, form, isInteger: true, strips: rule.stripsLeadingZeros)
            let json = number.isBig && rule.bigIntegers == .string ? "\"\(number.json)\"" : number.json
            return ReferenceTyped(json: json, key: number.key, isBig: number.isBig)
        case .number(let form):
            let number = try ReferenceNumber.read(string, form, isInteger: false, strips: rule.stripsLeadingZeros)
            return ReferenceTyped(json: number.json, key: number.key)
        case .boolean(let words):
            let isTrue = words.trueValues.contains(text)
            guard isTrue || words.falseValues.contains(text) else { throw ReferenceRefusal() }
            return ReferenceTyped(json: "\(isTrue)", key: .text(Array("\(isTrue)".utf8)))
        case .date(let format): return try ReferenceTime.date(string, format)
        case .time(let format): return try ReferenceTime.time(string, format)
        case .datetime(let format): return try ReferenceTime.dateAndTime(string, format)
        case .year: return try ReferenceTime.year(string)
        case .yearMonth: return try ReferenceTime.yearMonth(string)
        case .duration: return try ReferenceDuration.read(string)
        case .object, .array, .geoJSON: return try ReferenceTree.typed(text, type)
        case .list(let delimiter, let item): return try list(text, delimiter, item, rule)
        case .geoPoint(let format): return try ReferenceTree.point(text, format, rule)
        }
    }

    private static func list(
        _ text: [UInt8],
        _ delimiter: [UInt8],
        _ item: FieldType,
        _ rule: ColumnRule
    ) throws(ReferenceRefusal) -> ReferenceTyped {
        var parts: [[UInt8]] = text.isEmpty ? [] : [[]]
        var rest = text[...]
        while let byte = rest.first {
            if rest.starts(with: delimiter) {
                parts.append([])
                rest = rest.dropFirst(delimiter.count)
            } else {
                parts[parts.count - 1].append(byte)
                rest = rest.dropFirst()
            }
        }
        var items: [ReferenceTyped] = []
        for part in parts { items.append(try read(part, item, rule)) }
        return ReferenceTyped(
            json: "[\(items.map(\.json).joined(separator: ","))]",
            key: .list(items.map(\.key)),
            length: items.count,
            isBig: items.contains(where: \.isBig)
        )
    }
}
