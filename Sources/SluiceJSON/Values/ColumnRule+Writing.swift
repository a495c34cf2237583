import SluiceCSV

extension ColumnRule {
    /// Appends the JSON of a field's value: a string with its quotes, a number, an array and so on. The field's text must be
    /// well-formed UTF-8.
    ///
    /// A missing value has no JSON: nothing is appended, and the caller writes `null` or leaves the member out. Constraints are
    /// checked in their order.
    ///
    /// - Returns: false if the value is a missing one.
    /// - Throws: `RuleBreach` if the value is not of the type or breaks a constraint. Nothing is appended then.
    /// - Complexity: O(*n*) in the length of the text, but for patterns and the number of constraints.
    package func write(_ field: FieldText, to json: inout [UInt8]) throws(RuleBreach) -> Bool {
        if isMissing(field) {
            guard !constraints.contains(.required) else { throw breach(.constraint, "required", field) }
            return false
        }
        let value: TypedValue
        do throws(Mismatch) {
            value = try type.value(of: field.value, stripsLeadingZeros: stripsLeadingZeros)
            if bigIntegers == .error, value.hasBigInteger { throw .bigInteger }
        } catch {
            throw breach(.typeMismatch, reason(error, field).rawValue, field)
        }
        if let rule = brokenConstraint(field, value) { throw breach(.constraint, rule, field) }
        value.append(to: &json, quotesBigIntegers: bigIntegers == .string)
        return true
    }

    /// Whether the field's text is one of the missing values.
    private func isMissing(_ field: FieldText) -> Bool {
        guard !missingValues.isEmpty else { return false }
        if keepsQuotedEmpty, field.isQuoted, field.value.count == 0 { return false }
        return missingValues.contains(where: field.comparedValue.holds)
    }

    /// Returns the name of the first constraint that the value breaks.
    private func brokenConstraint(_ field: FieldText, _ value: TypedValue) -> String? {
        guard !constraints.isEmpty else { return nil }
        lazy var comparable = ComparableValue(value)
        for constraint in constraints {
            if case .pattern(let pattern) = constraint {
                switch pattern.outcome(of: field.value) {
                case .match: continue
                case .mismatch: return constraint.name
                case .limit: return "patternLimit"
                }
            }
            guard constraint.isMet(by: value, comparable) else { return constraint.name }
        }
        return nil
    }

    /// Returns why the value is refused. If it would not be without the spaces around it, these are the reason.
    private func reason(_ mismatch: Mismatch, _ field: FieldText) -> Mismatch {
        let text = field.value
        var (start, end) = (0, text.count)
        while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
        while start < end, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
        guard end - start < text.count else { return mismatch }
        let isValid = (try? type.value(of: text[start..<end], stripsLeadingZeros: stripsLeadingZeros)) != nil
        return isValid ? field.isQuoted ? .spaceInQuotes : .space : mismatch
    }

    private func breach(_ code: CSVError.Code, _ rule: String, _ field: FieldText) -> RuleBreach {
        RuleBreach(
            code: code,
            detail: .value(CSVError.Value(text: Self.excerpt(field.value), type: type.name, rule: rule))
        )
    }

    /// Returns the first characters of a value, and `…` if there are more.
    private static func excerpt(_ text: ByteView) -> String {
        guard text.count > excerptSize else { return String(decoding: text.array, as: UTF8.self) }
        var end = excerptSize
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: text[0..<end].array, as: UTF8.self) + "…"
    }

    /// The most bytes of a value that an error holds.
    private static let excerptSize = 40
}
