extension [String] {
    /// The first ten lines, and the number of those omitted.
    package var listed: [String] {
        let most = 10
        guard count > most else { return self }
        return prefix(most) + ["and \(Measure.count(count - most, "further finding"))"]
    }
}
