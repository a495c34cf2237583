import CSluiceKernels

/// What a range of bytes does to whoever passes through it, whatever state they enter in.
///
/// Summaries of neighbouring ranges compose, and composition is associative, so the state at any place of a file is a
/// prefix sum over summaries that were made in any order. For `b"⏎c⏎` (offsets 0…4):
///
///     entered outside quotes    the quote opens: no line ends, leaves inside
///     entered inside quotes     the quote closes: lines end at 2 and 4, leaves outside
///
/// Exact only where quotes stand where RFC 4180 allows them, which the tokenizer proves as it goes.
package struct Summary: Sendable, Hashable {
    /// The line ends that a range has under one hypothesis. Offsets count from the range's first byte.
    package struct Lines: Sendable, Hashable {
        package var count = 0
        package var first: Int?
        package var last: Int?

        package init(count: Int = 0, first: Int? = nil, last: Int? = nil) {
            self.count = count
            self.first = first
            self.last = last
        }
    }

    package private(set) var length = 0
    /// The range has an odd number of quotes: it is left in the other state than it was entered in.
    package private(set) var isOdd = false
    /// Line ends if the range is entered outside quotes.
    package private(set) var outside = Lines()
    /// Line ends if the range is entered inside quotes.
    package private(set) var inside = Lines()

    /// The summary of no bytes.
    package init() {}

    /// A summary that was made elsewhere.
    package init(length: Int, isOdd: Bool, outside: Lines, inside: Lines) {
        self.length = length
        self.isOdd = isOdd
        self.outside = outside
        self.inside = inside
    }

    /// Summarizes `count` bytes; `next` is the byte after them, nil at the end of the input.
    package init(
        _ bytes: UnsafePointer<UInt8>,
        count: Int,
        next: UInt8?,
        dialect: Dialect,
        kernel: Kernel
    ) {
        var found = sluice_summary()
        kernel.functions.pointee.summarize(bytes, count, next.map(Int32.init) ?? -1, dialect.forKernel, &found)
        length = count
        isOdd = found.odd != 0
        outside = Lines(found.lines.0)
        inside = Lines(found.lines.1)
    }

    /// The summary of this range and the one after it.
    package func followed(by other: Summary) -> Summary {
        var both = self
        both.length += other.length
        both.isOdd = isOdd != other.isOdd
        both.outside.append(isOdd ? other.inside : other.outside, at: length)
        both.inside.append(isOdd ? other.outside : other.inside, at: length)
        return both
    }
}

extension Summary.Lines {
    fileprivate init(_ lines: sluice_lines) {
        count = lines.count
        // The kernels say SIZE_MAX for "none", which is -1 here.
        first = lines.first < 0 ? nil : lines.first
        last = lines.last < 0 ? nil : lines.last
    }

    fileprivate mutating func append(_ other: Summary.Lines, at offset: Int) {
        count += other.count
        first = first ?? other.first.map { $0 + offset }
        last = other.last.map { $0 + offset } ?? last
    }
}

/// Where the tokenizer would stand at some byte of the input: the state that summaries carry forward.
package struct EntryState: Sendable, Hashable {
    /// Offset of the byte.
    package var offset: UInt64
    /// The byte is inside quotes.
    package var isInside: Bool
    /// Offset and number of the record that holds the byte, or starts there.
    package var recordStart: UInt64
    package var recordNumber: UInt64

    /// The state where a record starts.
    package init(recordStart: UInt64, number: UInt64) {
        offset = recordStart
        isInside = false
        self.recordStart = recordStart
        recordNumber = number
    }

    /// The first record that starts at or behind the byte, if one does within the range that follows: what a worker
    /// on that range begins with.
    package func firstRecord(in range: Summary) -> (start: UInt64, number: UInt64)? {
        if recordStart == offset { return (recordStart, recordNumber) }
        guard let end = (isInside ? range.inside : range.outside).first else { return nil }
        let start = offset + UInt64(end) + 1
        return start < offset + UInt64(range.length) ? (start, recordNumber + 1) : nil
    }

    /// The state behind the range that follows.
    package func after(_ range: Summary) -> EntryState {
        let lines = isInside ? range.inside : range.outside
        var state = self
        state.offset += UInt64(range.length)
        state.isInside = isInside != range.isOdd
        state.recordNumber += UInt64(lines.count)
        if let last = lines.last { state.recordStart = offset + UInt64(last) + 1 }
        return state
    }
}
