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

    /// `--null` replaces the list of texts that stand for no value, in which the empty text usually is.
    private func nullAdvice(_ text: String) -> String {
        let texts = text.isEmpty ? [text] : ["", text]
        let options = texts.flatMap { ShellQuoting.option("null", $0) }.map(ShellQuoting.quoted)
        return "if it stands for a missing value: \(options.joined(separator: " "))"
    }
}
