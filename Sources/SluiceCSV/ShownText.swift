/// Text from an input or a path, as it can be shown on a terminal.
package enum ShownText {
    /// The text with whatever could move the cursor, or hide or reorder letters, written as `\\u{1B}`. Of more than `limit`
    /// characters only the first are shown, and `…`.
    package static func of(_ text: String, limit: Int = 60) -> String {
        var shown = ""
        for (position, scalar) in text.unicodeScalars.enumerated() {
            if position == limit { return shown + "…" }
            if isHarmless(scalar) {
                shown.unicodeScalars.append(scalar)
            } else {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return shown
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: true
        }
    }
}
