import SluiceCSV

extension ColumnRule {
    /// Appends the JSON of a field's value: a string with its quotes, a number, an array and so on. The field's text must be
    /// well-formed UTF-8.
    ///
    /// A missing value has no JSON: nothing is appended, and the caller writes `null` or leaves the member out.
    ///
    /// - Returns: false if the value is a missing one.
    /// - Throws: `RuleBreach` if the value is not of the type or breaks a constraint. Nothing is appended then.
    package func write(_ field: FieldText, to json: inout [UInt8]) throws(RuleBreach) -> Bool {
        if isMissing(field) { return false }
        json.append(UInt8(ascii: "\""))
        json += JSONWriter.escaped(field.value.array)
        json.append(UInt8(ascii: "\""))
        return true
    }

    /// Whether the field's text is one of the missing values.
    private func isMissing(_ field: FieldText) -> Bool {
        guard !missingValues.isEmpty else { return false }
        if keepsQuotedEmpty, field.isQuoted, field.value.count == 0 { return false }
        let text = field.comparedValue
        return missingValues.contains { missing in
            missing.count == text.count && missing.indices.allSatisfy { missing[$0] == text[$0] }
        }
    }
}
