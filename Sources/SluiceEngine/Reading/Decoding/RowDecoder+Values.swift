import SluiceCSV
import SluiceJSON

/// The values of the record.
extension RowDecoder {
    /// Returns the field of a column, or nil if the record is too short.
    private func field(_ column: Int) -> CSVField? {
        guard let record, column < record.count else { return nil }
        return record[column]
    }

    func hasRule(_ column: Int) -> Bool { column < rules.count }

    /// Whether a column has no value.
    func isMissing(_ column: Int) throws(CSVError) -> Bool {
        guard let field = field(column) else { return true }
        if hasRule(column) { return try json(of: field, column) == nil }
        return field.isEmpty && emptyIsNil
    }

    /// The text of a value, as its column's rule writes it; nil if it is missing. `isString` states what is asked for.
    private func text(_ column: Int, isString: Bool) throws(CSVError) -> String? {
        guard let field = field(column) else { return nil }
        guard hasRule(column) else { return field.isEmpty && emptyIsNil && !isString ? nil : String(field) }
        guard let json = try json(of: field, column) else { return nil }
        guard json.first == UInt8(ascii: "\""), let text = JSONValue(parsing: json)?.text else {
            return String(decoding: json, as: UTF8.self)
        }
        return text
    }

    /// The value of a column as its rule makes it; nil if it is missing, or if the column has no rule.
    func json(_ column: Int) throws(CSVError) -> JSONValue? {
        guard hasRule(column), let field = field(column), let json = try json(of: field, column) else { return nil }
        return JSONValue(parsing: json)
    }

    private func json(of field: CSVField, _ column: Int) throws(CSVError) -> [UInt8]? {
        json.removeAll(keepingCapacity: true)
        // The views are used during the calls only.
        let value = ByteView(base: field.start, count: field.count)
        do throws(RuleBreach) {
            guard let escaped = record?.escapedText(of: column) else {
                let text = FieldText(value: value, comparedValue: value, isQuoted: field.isQuoted)
                return try rules[column].write(text, to: &json) ? json : nil
            }
            return try escaped.withView { (escaped) throws(RuleBreach) in
                let text = FieldText(value: value, comparedValue: escaped, isQuoted: field.isQuoted)
                return try rules[column].write(text, to: &json) ? json : nil
            }
        } catch {
            throw self.error(error.code, column, error.detail)
        }
    }

    /// The integer of a column; nil if it is missing.
    func integer(_ column: Int) throws(CSVError) -> Int128? {
        try value(column, "integer", { Int128($0) }, { Int128($0) })
    }

    /// The text of a column whose type makes its own value of it; nil if it is missing.
    func text(_ column: Int) throws(CSVError) -> String? { try text(column, isString: false) }

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
            guard let field = field(column) else { return nil }
            if let value = ofField(field) { return value }
            if field.isEmpty, emptyIsNil { return nil }
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
}

/// Errors in the record.
extension RowDecoder {
    /// The error of a value that is not of a type: of a field, or of a text in it. `rule` and `explanation` say why, if anything is
    /// known; see ``CSVError/Value``.
    func mismatch(
        _ column: Int,
        _ type: String,
        text: String? = nil,
        rule: String = "",
        explanation: String = ""
    ) -> CSVError {
        let text = text ?? field(column).map { String($0) } ?? ""
        let shown = text.prefix(40) + (text.count > 40 ? "…" : "")
        let value = CSVError.Value(text: String(shown), type: type, rule: rule, explanation: explanation)
        return error(.typeMismatch, column, .value(value))
    }

    /// The error of a column that has no value.
    func missing(_ column: Int) -> CSVError {
        error(.constraint, column, .value(CSVError.Value(text: "", type: "string", rule: "required")))
    }

    /// The error of a column whose type threw an error of decoding.
    func invalid<Value>(_ column: Int, _ type: Value.Type, _ error: DecodingError, text: String? = nil) -> CSVError {
        // The standard library's text says no more than the error does.
        let isCase = Value.self is any RawRepresentable.Type
        return mismatch(column, "\(type)", text: text, explanation: isCase ? "" : error.context?.debugDescription ?? "")
    }

    private func error(_ code: CSVError.Code, _ column: Int, _ detail: CSVError.Detail) -> CSVError {
        let place = record?.place(of: column) ?? .start
        var error = CSVError(
            code,
            offset: place.offset,
            line: place.line,
            record: place.number,
            field: column + 1,
            detail: detail
        )
        if let names = columns?.names, column < names.count { error.column = names[column] }
        return error
    }

    /// The error of a key that no column has, at the header.
    func unknown(_ name: String, in object: Int = 0) -> CSVError {
        var lister = HeaderDriftLister()
        let names = columns?.names.map { $0.map { Array($0.utf8) } }
        return CSVError(
            .unknownColumn,
            offset: header.offset,
            line: header.line,
            record: header.number,
            column: prefix(of: object) + name,
            detail: .present(names.map { lister.list($0) } ?? CSVError.HeaderDrift.Names(count: columns?.count ?? 0))
        )
    }
}

extension DecodingError {
    fileprivate var context: Context? {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: nil
        }
    }
}
