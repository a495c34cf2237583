import SluiceCSV

/// The hash of the bytes in a message's range, which may leave the memory before it is known where the range ends.
///
/// A range ends where its last row's record ends, or, if that row is its segment's last, where the span of the segment does.
/// The bytes in between are blank lines, comments, rows that fit no message: they may be many, and belong to this range or
/// to the next. So what leaves the memory is hashed both ways:
///
///     a,b⏎1,2⏎3,4⏎⏎⏎⏎⏎⏎│⏎5,6⏎
///     ^start        ^end   ^seen      whole: start..<seen    rows: start..<end    after: end..<seen
///
/// Where nothing has left the memory, as of a mapped file, the range is hashed in one go when it is known.
package struct RangeHash {
    private(set) var start: UInt64
    /// Where the last row's record ends; where the range starts if it has none.
    package private(set) var end: UInt64
    /// What lies before it and after `start` was hashed; no more than `start` if nothing was.
    private var seen: UInt64
    private var hashers: Hashers?

    private final class Hashers {
        var whole = BytesHasher()
        var rows = BytesHasher()
        var after = BytesHasher()
    }

    /// An empty range.
    package init(start: UInt64) {
        self.start = start
        end = start
        seen = start
    }

    /// The range holds a row whose record ends there.
    package mutating func extend(to end: UInt64) { self.end = end }

    /// What the window holds before that offset is about to leave the memory. The record there is not a row of the range yet.
    package mutating func leave(_ window: Window, upTo offset: UInt64) {
        guard offset > seen else { return }
        let hashers = hashers ?? Hashers()
        self.hashers = hashers
        if seen <= start { hashers.whole.reset() }
        if end > seen {
            hashers.whole.add(window.bytes(seen..<end))
            seen = end
        }
        if end > start, seen == end {
            hashers.rows.restart(as: hashers.whole)
            hashers.after.reset()
        }
        let rest = window.bytes(seen..<offset)
        hashers.whole.add(rest)
        if end > start { hashers.after.add(rest) }
        seen = offset
    }

    /// Ends the range there, at ``end`` or after all that has left the memory, and starts the next one.
    package mutating func close(at rangeEnd: UInt64, in window: Window) -> BytesHash {
        defer {
            (start, end) = (rangeEnd, rangeEnd)
            seen = max(seen, rangeEnd)
        }
        guard let hashers, seen > start else { return BytesHash(window.bytes(start..<rangeEnd)) }
        guard rangeEnd < seen else {
            hashers.whole.add(window.bytes(seen..<rangeEnd))
            return hashers.whole.hash
        }
        // What was hashed after the range is how the next one begins.
        swap(&hashers.whole, &hashers.after)
        return hashers.rows.hash
    }

    /// Leaves out what is not in any message, and starts the next range there.
    package mutating func skip(to offset: UInt64) { self = RangeHash(start: offset, hashers) }

    private init(start: UInt64, _ hashers: Hashers?) {
        self.init(start: start)
        self.hashers = hashers
    }
}

extension Window {
    /// The bytes of a range of the input, which the window holds.
    fileprivate func bytes(_ range: Range<UInt64>) -> UnsafeRawBufferPointer {
        let (from, to) = (Int(range.lowerBound - offset), Int(range.upperBound - offset))
        return UnsafeRawBufferPointer(start: base + from, count: to - from)
    }
}
