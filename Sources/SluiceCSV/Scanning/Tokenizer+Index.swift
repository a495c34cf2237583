import CSluiceKernels
internal import SluicePlatform

/// Indexing of stretches. The tokenizer owns the memory that its index is a handle on.
extension Tokenizer {
    /// Reserves the memory for a usual stretch. Returns whether it succeeded.
    package mutating func reserve() -> Bool { reserveIndex(of: Tokenizer.usualStretch) }

    /// Reserves memory for the index of `count` bytes. Returns false, with nothing changed, if there is not enough memory.
    private mutating func reserveIndex(of count: Int) -> Bool {
        if StructuralIndex.size(for: count) <= indexMemory.count { return true }
        return indexMemory.replace(by: StructuralIndex.size(for: max(count, Tokenizer.usualStretch)))
    }

    /// Indexes the stretch at the position. Returns false if its first record is not complete in it or must be read byte by
    /// byte.
    mutating func fillIndex() throws(CSVError) -> Bool {
        let origin = position
        while true {
            let available = window.count - origin
            let whole = min(stretchSize, available)
            var count = dialect.box == nil ? whole : indexable(whole, from: origin)
            let isCut = count < whole
            let isLast = window.isLast && count == available
            if count == 0 { return false }
            // The byte after a CR decides whether it is part of a CR LF.
            if !isLast, window[origin + count - 1] == 0x0D { count -= 1 }
            // Without memory for the index, the record is read byte by byte.
            guard reserveIndex(of: count) else { return false }
            let found = index(count, from: origin, isLast: isLast)
            if found.non_ascii != 0 { dropIllFormed() }
            if dialect.trim != .none || !dialect.doublesQuotes { dropMisunderstood() }
            let isClean = found.violation == count && index.completeCount == found.complete_count
            let isWhole = isCut || count + 1 >= available || count + 1 >= largest
            if index.completeCount > 0 || !isClean || isWhole {
                let next = isClean ? min(stretchSize * 2, Tokenizer.usualStretch) : Tokenizer.smallestStretch
                stretchSize = min(next, largest)
                return index.completeCount > 0
            }
            stretchSize = min(stretchSize * 2, largest)
        }
    }

    /// Indexes `count` bytes, for which there is memory. If `isLast`, the input ends after them.
    private mutating func index(_ count: Int, from origin: Int, isLast: Bool) -> sluice_index {
        precondition(StructuralIndex.size(for: count) <= indexMemory.count)
        let bytes = window.bytes[origin..<origin + count]
        index = unsafe StructuralIndex(bytes, in: indexMemory.base, number: index.number, origin: origin)
        var found = sluice_index()
        // The kernel writes at most the entries and words that its contract states for so many bytes. There is room for them.
        unsafe kernel.functions.pointee.index(
            bytes.base,
            count,
            isLast ? 1 : 0,
            kernelDialect,
            UnsafeMutablePointer(mutating: index.fieldEnds),
            UnsafeMutablePointer(mutating: index.escapeMask),
            &found
        )
        index.completeCount = found.complete_count
        index.hasBareCR = found.bare_cr != 0
        return found
    }

    /// Removes the first record with ill-formed UTF-8, and all after it, from the index.
    private mutating func dropIllFormed() {
        guard index.completeCount > 0 else { return }
        let records = index.bytes[0..<StructuralIndex.offset(index[index.completeCount - 1])]
        if kernel.isUTF8(records) { return }
        guard let illFormed = UTF8Text.firstIllFormed(records) else { return }
        while index.completeCount > 0, !isRecordEnd(before: illFormed) { index.completeCount -= 1 }
    }

    /// Returns how many bytes of a stretch an index does not misunderstand: those before the first line that may be a comment
    /// and before the first escape character; none where delimiters are longer than a byte.
    func indexable(_ count: Int, from origin: Int) -> Int {
        if !dialect.delimiterTail.isEmpty { return 0 }
        guard dialect.hasCommentsOrEscapes else { return count }
        let syntax = Syntax(dialect)
        let bytes = window.bytes[origin..<origin + count]
        let escape = syntax.firstEscape(in: bytes, from: 0)
        let window = window
        return syntax.firstComment(in: bytes[0..<escape], from: 0) { window.byte(at: origin + escape + $0) }
    }

    /// Removes the first record that the index misunderstands, and all after it: one with a space to trim, or with two quotes
    /// inside quotes where those are not one. Spaces before a quote are violations, so the index ends before them anyway.
    private mutating func dropMisunderstood() {
        let syntax = Syntax(dialect)
        var (start, complete, isFirst) = (0, 0, true)
        for entry in 0..<index.completeCount {
            let end = index[entry]
            let field = start..<index.contentEnd(of: end)
            let startsLater = syntax.trim == .initial && isFirst
            if !field.isEmpty {
                if !startsLater, syntax.trims(index.bytes[field.lowerBound]) { break }
                if syntax.trimsEnds, syntax.trims(index.bytes[field.upperBound - 1]) { break }
                if !syntax.doublesQuotes, hasDoubledQuotes(end, field) { break }
            }
            isFirst = end & StructuralIndex.record != 0
            if isFirst { complete = entry + 1 }
            start = StructuralIndex.offset(end) + 1
        }
        index.completeCount = complete
    }

    private func hasDoubledQuotes(_ end: UInt32, _ field: Range<Int>) -> Bool {
        let flags = StructuralIndex.quoted | StructuralIndex.dirty
        guard end & flags == flags else { return false }
        let content = index.bytes[field.lowerBound + 1..<field.upperBound - 1]
        return content.firstIndex(of: dialect.quote, from: 0) < content.count
    }

    private func isRecordEnd(before offset: Int) -> Bool {
        let end = index[index.completeCount - 1]
        return end & StructuralIndex.record != 0 && StructuralIndex.offset(end) < offset
    }
}
