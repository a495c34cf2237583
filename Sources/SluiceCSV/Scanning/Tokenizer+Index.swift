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
            var count = min(stretchSize, available)
            let isLast = window.isLast && count == available
            // The byte after a CR decides whether it is part of a CR LF.
            if !isLast, window[origin + count - 1] == 0x0D { count -= 1 }
            // Without memory for the index, the record is read byte by byte.
            guard reserveIndex(of: count) else { return false }
            let found = index(count, from: origin, isLast: isLast)
            if found.non_ascii != 0 { dropIllFormed() }
            let isClean = found.violation == count && index.completeCount == found.complete_count
            let isWhole = count + 1 >= available || count + 1 >= largest
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

    private func isRecordEnd(before offset: Int) -> Bool {
        let end = index[index.completeCount - 1]
        return end & StructuralIndex.record != 0 && StructuralIndex.offset(end) < offset
    }
}
