import SluiceCSV

/// Advice about values that are not of their column's type.
extension CSVError {
    /// What to do, as options.
    var valueAdvice: [String] {
        guard case .value(let value) = detail else { return [] }
        switch value.rule {
        case "leadingZero":
            return ["to keep the zeros, declare the column string", "to drop them: --leading-zeros strip"]
        case "bigInteger": return ["to write such integers as strings: --big-integers string"]
        case "space": return ["to remove it: --trim spaces"]
        case "spaceInQuotes": return ["remove it in the file, or declare the column string"]
        default: return value.looksMissing ? [nullAdvice(value.text)] : []
        }
    }

    /// How to make a text stand for no value, besides those that do already. The first `--null` replaces their list, in which the
    /// empty text usually is, and which a schema states for each column.
    private func nullAdvice(_ text: String) -> String {
        let given = Rerun()
        if text.isEmpty {
            let quoted = given.value(of: "quoted-empty") == "string" ? " --quoted-empty null" : ""
            return "if it stands for a missing value: --empty null" + quoted
        }
        let isAdded = given.value(of: "null") != nil
        if !isAdded, given.value(of: "schema") != nil {
            return "if it stands for a missing value, add it to missingValues in the schema"
        }
        let options = (isAdded ? [text] : ["", text]).flatMap { ShellQuoting.option("null", $0) }
        return "if it stands for a missing value: \(options.map(ShellQuoting.quoted).joined(separator: " "))"
    }
}
