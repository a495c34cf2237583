import CSluiceKernels

/// Counting of records without an index, for readers that need no values.
extension Tokenizer {
    /// The most bytes that are counted at a time, so that they are still in the cache when their UTF-8 is checked.
    private static var countedStretch: Int { 1 << 17 }

    /// Counts the next records among those that start before the window offset `limit`, and moves past them.
    ///
    /// Stops before a record that is irregular: it has not one field for every column, cannot be indexed, or must be noted as
    /// repaired. So a return value of 0 says nothing about the next record, which ``step(limit:)`` then reads.
    package mutating func countRegularRecords(limit: Int) -> Int {
        guard index.next >= index.completeCount, let width = header?.width else { return 0 }
        // In a file of one column, a blank line has as many fields as any record.
        guard width > 1 || dialect.blankLines == .skip, dialect.doublesQuotes else { return 0 }
        let origin = position
        var count = min(min(window.count, limit) - origin, Self.countedStretch, largest)
        if count > 0, dialect.box != nil { count = indexable(count, from: origin) }
        guard count > 0 else { return 0 }
        let bytes = window.bytes[origin..<origin + count]
        let found = kernel.countRecords(bytes, dialect: kernelDialect, width: width)
        guard found.records > 0 else { return 0 }
        if found.non_ascii != 0, !kernel.isUTF8(bytes[0..<found.end]) { return 0 }
        seek(to: origin + found.end, number: index.number + UInt64(found.records))
        return found.records
    }

    /// Moves past records of the index that start before the window offset `limit`, up to `rows` rows, and takes those off.
    /// Returns whether it stopped before a record that must be read by itself, since it has not one field for every column.
    package mutating func skipIndexedRecords(limit: Int, rows: inout Int) -> Bool {
        while index.next < index.completeCount, position < limit, rows > 0 {
            let last = index.lastOfRecord
            let (count, end) = (last - index.next + 1, index[last])
            let isBlank = count == 1 && index.contentEnd(of: end) == index.start
            let isRagged = count != header?.width
            if isBlank ? !skipsBlankLines : isRagged || count > dialect.maxColumns { return true }
            index.start = StructuralIndex.offset(end) + 1
            index.next = last + 1
            index.number += 1
            rows -= isBlank ? 0 : 1
        }
        return false
    }
}
