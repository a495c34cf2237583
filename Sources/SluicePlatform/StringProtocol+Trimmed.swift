extension StringProtocol {
    /// Returns the text without the characters at its start and its end that are blank; by default, all white space.
    package func trimmed(_ isBlank: (Character) -> Bool = \.isWhitespace) -> String {
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
