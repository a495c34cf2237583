extension [String] {
    /// As many lines as a person reads, and how many more there are.
    package var listed: [String] {
        let most = 10
        guard count > most else { return self }
        return prefix(most) + ["and \(Measure.count(count - most, "further finding"))"]
    }
}
