import SluiceCSV

/// Hashes the bytes of a message's range, which may leave memory before it is known where the range ends.
///
/// A range ends where its last row's record ends or, if that row is its segment's last, where the segment's span ends.
/// Between the two lie blank lines and rejected rows. There may be many, and they belong to this range or to the next. So
/// bytes that leave memory are hashed for both:
///
///     a,b⏎1,2⏎3,4⏎⏎⏎⏎⏎⏎│⏎5,6⏎
///     ^start        ^end   ^seen      whole: start..<seen    rows: start..<end    after: end..<seen
///
/// If nothing has left memory, as with a mapped file, the range is hashed in one go once it is known.
package struct RangeHash {
    private(set) var start: UInt64
    /// Where the last row's record ends, or where the range starts if it has none.
    package private(set) var end: UInt64
    /// The bytes in `start..<seen` were hashed; none if `seen` does not exceed `start`.
    private var seen: UInt64
    private var hashers: Hashers?

    private final class Hashers {
        var whole = BytesHasher()
        var rows = BytesHasher()
        var after = BytesHasher()
    }

    /// Creates an empty range.
    package init(start: UInt64) {
        self.start = start
        end = start
        seen = start
    }

    /// Extends the range over a row whose record ends at `end`.
    package mutating func extend(to end: UInt64) { self.end = end }

    /// The bytes of the window before `offset` are about to leave memory. The record there is not a row of the range yet.
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

    /// Ends the range at ``end``, or after all bytes that left memory. Returns its hash and starts the next range.
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
        // The next range starts with the bytes that were hashed after this one.
        swap(&hashers.whole, &hashers.after)
        return hashers.rows.hash
    }

    /// Skips bytes that are in no message, and starts the next range at `offset`.
    package mutating func skip(to offset: UInt64) { self = RangeHash(start: offset, hashers) }

    private init(start: UInt64, _ hashers: Hashers?) {
        self.init(start: start)
        self.hashers = hashers
    }
}

extension Window {
    /// Returns the bytes of a range of the input, which the window must hold.
    fileprivate func bytes(_ range: Range<UInt64>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(bytes[Int(range.lowerBound - offset)..<Int(range.upperBound - offset)].buffer)
    }
}
