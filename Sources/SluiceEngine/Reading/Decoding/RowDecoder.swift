import SluiceCSV
import SluiceJSON

/// Decodes records, one at a time: the columns under the names that types ask for, and the rules of their values.
///
/// Types ask for the same keys in the same order for each record. So each object of a row keeps the keys in the order in which
/// they were asked for, and a key is looked for first after the one before it:
///
///     first record     id, customer     looked up in a dictionary, and kept
///     every other      id, customer     the first kept key, and then the one after it
final class RowDecoder {
    /// Where a key leads to.
    enum Place {
        case column(Int)
        case object(Int)
    }

    // A decoder is used by one task at a time, and types that decode themselves see only its containers, which keep no access
    // to these while they call others.
    private let shape: RowShape
    @exclusivity(unchecked) private var objects: [ObjectKeys] = []
    /// The rules of columns; empty if none has any.
    @exclusivity(unchecked) private var rules: [ColumnRule] = []
    /// Whether an empty value is nil where no string is asked for.
    private let hasDefaultNulls: Bool
    @exclusivity(unchecked) private(set) var record: CSVRecord?
    private var columns: CSVColumns?
    /// JSON of a value; memory that is reused.
    private var json: [UInt8] = []

    init(_ shape: RowShape) {
        self.shape = shape
        hasDefaultNulls = shape.schema == nil && shape.nullTexts == nil
    }

    func decode<Row: Decodable>(
        _: Row.Type,
        _ record: CSVRecord,
        header: @autoclosure () -> RecordPosition
    ) throws -> Row {
        if columns == nil { try open(record.columns, header()) }
        self.record = record
        do { return try Row(from: ObjectDecoder(row: self, object: 0)) } catch let error as CSVError {
            throw SluiceError.badData(error)
        }
    }

    /// Resolves the columns against what the options and the schema say of them.
    private func open(_ columns: CSVColumns, _ header: RecordPosition) throws(SluiceError) {
        let names = columns.names?.map { Array($0.utf8) }
        do throws(RowPlan.Misfit) {
            let plan = try RowPlan(shape, header: Header(names: names, width: columns.count), source: .init())
            objects = plan.objects.map { _ in ObjectKeys() }
            for (number, object) in plan.objects.enumerated().dropFirst() {
                objects[object.parent].add(object.name, .object(number))
            }
            for member in plan.members {
                guard case .column(let column) = member.source else { continue }
                objects[member.object].add(names == nil ? Array("\(column)".utf8) : member.name, .column(column))
            }
            rules = plan.rules.contains { $0 != ColumnRule() } ? plan.rules : []
        } catch {
            var found = CSVError(error.code, offset: header.offset, line: header.line, record: header.number)
            (found.field, found.detail) = (error.field, error.detail)
            if error.code != .headerMismatch { found.column = String(decoding: error.name, as: UTF8.self) }
            throw .badData(found)
        }
        self.columns = columns
    }

    /// Returns where a key of an object leads to, or nil if there is no such column.
    @inline(__always)
    func find(_ name: String, in object: Int) -> Place? { objects[object].find(name) }

    /// The keys of an object, in order.
    func keys(of object: Int) -> [String] { Array(objects[object].places.keys) }

    /// Starts again with an object's first key.
    func rewind(_ object: Int) { objects[object].rewind() }
}

/// The values of the record.
extension RowDecoder {
    /// Returns the field of a column, or nil if the record is too short.
    func field(_ column: Int) throws(CSVError) -> CSVField? {
        guard let record, column < record.count else { return nil }
        return record[column]
    }

    /// The text of a value, as its column's rule writes it; nil if it is missing. `isString` states what is asked for.
    func text(_ column: Int, isString: Bool) throws(CSVError) -> String? {
        guard let field = try field(column) else { return nil }
        guard hasRule(column) else { return field.isEmpty && hasDefaultNulls && !isString ? nil : String(field) }
        guard let json = try json(of: field, column) else { return nil }
        guard json.first == UInt8(ascii: "\""), let text = JSONValue(parsing: json)?.text else {
            return String(decoding: json, as: UTF8.self)
        }
        return text
    }

    func hasRule(_ column: Int) -> Bool { column < rules.count }

    /// Whether a column has no value.
    func isMissing(_ column: Int) throws(CSVError) -> Bool {
        guard let field = try field(column) else { return true }
        if hasRule(column) { return try json(of: field, column) == nil }
        return field.isEmpty && hasDefaultNulls
    }

    private func json(of field: CSVField, _ column: Int) throws(CSVError) -> [UInt8]? {
        json.removeAll(keepingCapacity: true)
        // The view is used during the call only.
        let view = ByteView(base: field.start, count: field.count)
        let text = FieldText(value: view, comparedValue: view, isQuoted: field.isQuoted)
        do throws(RuleBreach) { return try rules[column].write(text, to: &json) ? json : nil } catch {
            throw self.error(error.code, column, error.detail)
        }
    }

    /// The integer of a column; nil if it is missing.
    func integer<Number: FixedWidthInteger>(_: Number.Type, _ column: Int) throws(CSVError) -> Number? {
        try value(column, "integer", { Number($0) }, { Number($0) })
    }

    /// The number of a column; nil if it is missing.
    func number(_ column: Int) throws(CSVError) -> Double? {
        try value(column, "number", { Double($0) }, { Double($0) })
    }

    /// The same in less precision.
    func float(_ column: Int) throws(CSVError) -> Float? {
        try value(column, "number", { Float($0) }, { Float($0) })
    }

    /// The value of a column, from its field or, if it has a rule, from the text that the rule makes of it.
    @inline(__always)
    private func value<Value>(
        _ column: Int,
        _ type: String,
        _ ofField: (CSVField) -> Value?,
        _ ofText: (String) -> Value?
    ) throws(CSVError) -> Value? {
        if hasRule(column) {
            guard let text = try text(column, isString: false) else { return nil }
            if let value = ofText(text) { return value }
        } else {
            guard let field = try field(column) else { return nil }
            if let value = ofField(field) { return value }
            if field.isEmpty, hasDefaultNulls { return nil }
        }
        throw mismatch(column, type)
    }

    /// The string of a column; nil if it is missing.
    func string(_ column: Int) throws(CSVError) -> String? { try text(column, isString: true) }

    /// The boolean of a column; nil if it is missing.
    func boolean(_ column: Int) throws(CSVError) -> Bool? {
        guard let text = try text(column, isString: false) else { return nil }
        switch text {
        case "true", "True", "TRUE", "1": return true
        case "false", "False", "FALSE", "0": return false
        default: throw mismatch(column, "boolean")
        }
    }

    /// The error of a value that is not of a type.
    func mismatch(_ column: Int, _ type: String) -> CSVError {
        let text = (try? field(column)).flatMap { $0 }.map { String($0) } ?? ""
        return error(.typeMismatch, column, .value(CSVError.Value(text: String(text.prefix(40)), type: type, rule: "")))
    }

    /// The error of a column that has no value.
    func missing(_ column: Int) -> CSVError {
        error(.constraint, column, .value(CSVError.Value(text: "", type: "string", rule: "required")))
    }

    private func error(_ code: CSVError.Code, _ column: Int, _ detail: CSVError.Detail) -> CSVError {
        var error = CSVError(
            code,
            offset: record?.offset ?? 0,
            record: record?.number ?? 0,
            field: column + 1,
            detail: detail
        )
        error.line = record?.line
        if let names = columns?.names, column < names.count { error.column = names[column] }
        return error
    }

    /// The error of a key that no column has.
    func unknown(_ name: String) -> CSVError {
        var error = CSVError(.unknownColumn, offset: record?.offset ?? 0, record: record?.number ?? 0, column: name)
        error.line = record?.line
        return error
    }
}

/// The keys of an object, and the order in which they are asked for.
struct ObjectKeys {
    private(set) var places: [String: RowDecoder.Place] = [:]
    private var asked: [(name: String, place: RowDecoder.Place)] = []
    /// The key that was asked for last; -1 before the first.
    private var last = -1

    mutating func add(_ name: [UInt8], _ place: RowDecoder.Place) {
        places[String(decoding: name, as: UTF8.self)] = place
    }

    mutating func rewind() { last = -1 }

    @inline(__always)
    mutating func find(_ name: String) -> RowDecoder.Place? {
        if last + 1 < asked.count, asked[last + 1].name == name {
            last += 1
            return asked[last].place
        }
        if last >= 0, asked[last].name == name { return asked[last].place }
        return findElsewhere(name)
    }

    @inline(never)
    private mutating func findElsewhere(_ name: String) -> RowDecoder.Place? {
        guard let place = places[name] else { return nil }
        if let known = asked.firstIndex(where: { $0.name == name }) {
            last = known
        } else {
            asked.append((name, place))
            last = asked.count - 1
        }
        return place
    }
}
