/// What must be sent again to complete a source.
package struct Missing: Sendable, Hashable {
    /// Numbers of records; some of them may have no row. If the input's end is not known, the last range ends with the
    /// largest number.
    package var records: [ClosedRange<UInt64>] = []
    package var manifest: Bool
    /// Whether messages of rejected records are missing, not known which.
    package var rejects = false
    /// Whether all messages must be sent again, after those received were discarded: some are wrong, but not known which.
    package var isEverything = false
}

extension Delivery {
    /// What is missing, or nil if nothing is. Damaged messages count as missing. Call ``check()`` first.
    ///
    ///     received records 2-90, 181-260, manifest    records 91-180
    ///     received records 2-90                       records 91-, manifest
    ///     received 5 of 7 rejected records            rejects
    ///
    /// Also nil for an aborted input, of which no more messages exist.
    package var missing: Missing? {
        if isAborted { return nil }
        if isMixed { return Missing(manifest: true, isEverything: true) }
        var missing = Missing(manifest: !hasReport, rejects: lacksRejects)
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
        return missing.manifest || missing.rejects || !missing.records.isEmpty ? missing : nil
    }
}
