internal import SluicePlatform

/// What is wrong with a value, in words.
extension CSVError {
    /// For example `"01234" is not an integer: leading zero`.
    var mismatch: String? {
        guard case .value(let value) = detail else { return nil }
        if value.rule == "bigInteger" { return "\(value.shown) is beyond ±(2^53 - 1), which many JSON readers round" }
        if value.rule == "range" { return "\(value.shown) does not fit \(value.type)" }
        if let format = value.brokenFormat { return "\(value.shown) is \(format)" }
        let article = "aeiouAEIO".contains(value.type.prefix(1)) ? "an" : "a"
        return "\(value.shown) is not \(article) \(value.type)" + (value.cause.map { ": \($0)" } ?? "")
    }

    /// For example `"7" breaks the constraint minimum`.
    var brokenConstraint: String? {
        guard case .value(let value) = detail else { return nil }
        return switch value.rule {
        case "required": "the value is missing, and its column requires one"
        case "patternLimit": "\(value.shown) takes too many steps to be compared with the constraint pattern"
        default: "\(value.shown) breaks the constraint \(value.rule)"
        }
    }
}

extension CSVError.Value {
    /// Whether the text is one that people write where they have no value.
    package var looksMissing: Bool { Self.missingTexts.contains(text.lowercased()) }

    private static let missingTexts: Set = [
        "", "-", "--", ".", "..", "?", "#n/a", "n/a", "na", "nan", "nil", "none", "null", "\\n", "unknown",
    ]

    /// The value in quotes, safe for a terminal.
    fileprivate var shown: String { "\"\(TerminalText.name(text))\"" }

    /// What a string is not; nil if it does not break a format.
    fileprivate var brokenFormat: String? {
        switch rule {
        case "email": "no e-mail address"
        case "uri": "no URI"
        case "binary": "not base64"
        case "uuid": "no UUID"
        default: nil
        }
    }

    /// What its text breaks, if it does not just belong to no value of the type.
    fileprivate var cause: String? {
        switch rule {
        case "space", "spaceInQuotes": "space around it"
        case "leadingZero": "leading zero"
        case "notFinite": "JSON has no such number"
        case "sign": "its sign is not a - before the digits"
        case "grouping": "each group after the first must have three digits"
        case "fraction": "it has a fraction"
        case "exponent": "it has an exponent"
        case "notInCalendar": "no calendar or clock shows it"
        case "timeZone": "it has a time zone"
        case "json": "not well-formed JSON"
        case "jsonKind": "JSON of another kind"
        case "depth": "nested more than 64 deep"
        case "outsideEarth": "longitudes end at ±180, latitudes at ±90"
        default: explanation.isEmpty ? nil : TerminalText.name(explanation, limit: 200)
        }
    }
}
