/// What has to be sent again so that a source is there as a whole.
package struct Missing: Sendable, Hashable {
    /// Numbers of records, some of which may have no row. The last range ends with the largest number if it is not known
    /// where the input does.
    package var records: [ClosedRange<UInt64>] = []
    package var manifest: Bool
    /// Nobody can tell which messages are wrong: all of them, once those that came were discarded.
    package var isEverything = false
}

extension Delivery {
    /// What is missing, once ``check()`` was called; messages that are damaged are.
    ///
    ///     received records 2-90, 181-260, manifest    records 91-180
    ///     received records 2-90                       records 91-, manifest
    ///
    /// Nil if nothing is, and if the input was invalid, of which there is no more.
    package var missing: Missing? {
        if isAborted { return nil }
        if isMixed { return Missing(manifest: true, isEverything: true) }
        var missing = Missing(manifest: !hasReport)
        var (end, record, isGap) = (UInt64(0), UInt64(0), false)
        let sound = parts.map { ($0.range, Optional($0.records)) } + emptySpans.map { ($0, nil) }
        for (range, records) in sound.sorted(by: { $0.0.lowerBound < $1.0.lowerBound }) {
            isGap = isGap || range.lowerBound > end
            end = max(end, range.upperBound)
            guard let records else { continue }
            if isGap, record + 1 < records.lowerBound { missing.records.append(record + 1...records.lowerBound - 1) }
            isGap = false
            record = max(record, records.upperBound)
        }
        if isGap || missing.manifest || end < bytes { missing.records.append(record + 1...UInt64.max) }
        return missing.manifest || !missing.records.isEmpty ? missing : nil
    }
}
