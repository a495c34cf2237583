import SluiceCSV

/// An input cut into portions, each of some segments, for workers that share no state.
///
///     plan         cut the input at multiples of the portion's size
///     boundary     compute each portion's boundary, in any order
///     combine      add the boundaries in order: where each portion's span starts
///     convert      each span, in any order
///
/// Boundaries assume quotes only where they are always allowed, unless bad records are put aside. So cut only inputs of converters
/// with ``CSVConverter/hasExactBoundaries``, and check with ``isContinuous(_:_:)`` that each span ended where the next one starts.
package struct Portions: Sendable, Hashable {
    /// Bytes of the input.
    package let inputSize: UInt64
    /// Bytes of a portion, a multiple of the segment size.
    package let size: UInt64
    /// Where the first record starts: after a byte order mark, a `sep=` line and skipped lines, if the dialect has such lines.
    package let firstRecord: RecordPosition

    package init(of inputSize: UInt64, size: UInt64, firstRecord: RecordPosition = .start) {
        self.inputSize = inputSize
        self.size = size
        self.firstRecord = firstRecord
    }

    /// Returns the smallest size, in whole segments, with which there are at most `count` portions.
    package static func size(of inputSize: UInt64, segmentSize: Int, count: UInt64) -> UInt64 {
        let segment = UInt64(segmentSize)
        let segments = (inputSize + segment - 1) / segment
        return max(1, (segments + count - 1) / count) * segment
    }

    package var count: Int { Int((inputSize + size - 1) / size) }

    package func range(_ index: Int) -> Range<UInt64> {
        let start = UInt64(index) * size
        return start..<min(start + size, inputSize)
    }

    /// The bytes of a portion that decide where its records start: not those before the first record, which have no records.
    package func recordRange(_ index: Int) -> Range<UInt64> {
        let range = range(index)
        let start = min(firstRecord.offset, inputSize)
        return max(range.lowerBound, start)..<max(range.upperBound, start)
    }

    /// Whether a worker that reached `reached` ended where the next one began, and so started in the true state. At the end
    /// of the input only the offsets must agree: an input that holds nothing but a byte order mark has no record.
    package func isContinuous(_ reached: RecordPosition, _ next: RecordPosition) -> Bool {
        reached == next || (reached.offset == next.offset && next.offset == inputSize)
    }

    /// Returns where the spans start, and after them the end of the input: one position more than there are portions. The
    /// boundaries are those of the portions' ``recordRange(_:)``. The first span starts with the input, and so does the one that
    /// has the first record.
    ///
    /// A portion in which no record starts has an empty span: it gets the start of the next span. So the starts are filled
    /// in from the end:
    ///
    ///     first record     0     –    24     –      the input ends at 40
    ///     starts           0    24    24    40    40
    ///     spans         0-24  none  24-40  none
    package func spanStarts(_ boundaries: [Boundary]) -> [RecordPosition] {
        var state = ReaderState(firstRecord)
        var firsts: [RecordPosition?] = []
        for boundary in boundaries {
            let first = boundary.length > 0 ? state.firstRecord(in: boundary) : nil
            firsts.append(first == firstRecord ? .start : first)
            state = state.after(boundary)
        }
        if firstRecord.offset >= inputSize, !firsts.isEmpty { firsts[0] = .start }
        let isWhole = state.recordStart == inputSize
        var next = RecordPosition(
            offset: inputSize,
            number: state.recordNumber + (isWhole ? 0 : 1),
            line: state.line
        )
        var starts = [next]
        for first in firsts.reversed() {
            next = first ?? next
            starts.append(next)
        }
        return starts.reversed()
    }
}

/// How the state machine cuts objects, and `sluice plan` assumes that it does.
extension Portions {
    /// By default, larger inputs are cut.
    package static let usualThreshold: UInt64 = 1 << 30
    /// The default number of segments in a portion.
    package static let usualSegments = 16
    /// As many children of a map run at a time, so more portions gain nothing as long as one is soon converted.
    private static let usualMost: UInt64 = 10_000
    /// The number of segments that one is surely converted in: Step Functions ends a child after five minutes.
    private static let largestSegments = 64
    /// The most portions, with which the notes about them stay small enough. An object of 50 TB, the largest in S3, has fewer.
    package static let most = 50_000

    /// Cuts an input into portions of `size` bytes, or larger ones if there would be too many.
    ///
    ///     size         portions of
    ///     1 TB         256 MiB    the usual size: 3,726
    ///     10 TB        960 MiB    at most 10,000
    ///     50 TB        1 GiB      46,567, since they may not be larger
    package init(
        cutting inputSize: UInt64,
        into size: UInt64,
        segmentSize: Int,
        firstRecord: RecordPosition = .start
    ) {
        func least(_ count: UInt64) -> UInt64 { Self.size(of: inputSize, segmentSize: segmentSize, count: count) }
        let usual = min(least(Self.usualMost), UInt64(Self.largestSegments * segmentSize))
        self.init(of: inputSize, size: max(size, usual, least(UInt64(Self.most))), firstRecord: firstRecord)
    }
}

extension Dialect {
    /// Whether quotes may stand only where boundaries assume them.
    package var hasExactBoundaries: Bool { (quoteInPlain == .error && afterQuote == .error) || !usesQuotes }

    /// Whether lines before the first record may be skipped. Boundaries must then be computed from that record on.
    fileprivate var mayStartLater: Bool { skippedLines > 0 || sepLine == .use }
}

extension CSVConverter {
    /// Whether an input may be cut into portions: its boundaries are exact, or the first record for which they are not ends the run.
    ///
    /// Where bad records are put aside, boundaries follow the reading that decides where these end. They know no delimiters of
    /// several bytes, none that a `sep=` line names, and not whether a quote is never closed.
    package var hasExactBoundaries: Bool {
        if rejects == nil { return dialect.hasExactBoundaries }
        return dialect.unterminated != .nextLine && dialect.delimiterTail.isEmpty && dialect.sepLine != .use
    }

    /// Whether boundaries must be computed from the first record on, which may not be where the input starts. A byte order mark
    /// would hide that the quote after it opens a value.
    package var mayStartLater: Bool { dialect.mayStartLater || rejects != nil }
}

/// Computes the boundary of a range of an input that is given in pieces.
package struct RangeBoundary: Sendable {
    private let dialect: Dialect
    private let kernel: Kernel
    private let hasStrayQuotes: Bool
    private var boundary = Boundary()
    /// The last bytes so far, which are not added yet: what they mean depends on the bytes after them.
    private var held: [UInt8] = []
    private let lookahead: Int

    package init(_ converter: CSVConverter) {
        dialect = converter.dialect
        kernel = converter.kernel
        hasStrayQuotes = converter.rejects != nil
        lookahead = dialect.lookahead
    }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let view = ByteView(bytes.assumingMemoryBound(to: UInt8.self))
        guard view.count > lookahead else { return addShort(view.array) }
        let (held, end) = (held, view.count - lookahead)
        held.withView { append($0, following: view[0..<lookahead]) }
        append(view[0..<end], following: view.from(end))
        self.held = view.from(end).array
    }

    private mutating func addShort(_ bytes: [UInt8]) {
        let all = held + bytes
        let end = max(0, all.count - lookahead)
        all.withView { append($0[0..<end], following: $0.from(end)) }
        held = Array(all[end...])
    }

    /// Returns the boundary of what was added. `following` are the bytes after it: as many as the dialect's
    /// ``Dialect/lookahead``, or fewer at the end of the input.
    package func boundary(following: [UInt8]) -> Boundary {
        var all = self
        held.withView { held in following.withView { all.append(held, following: $0) } }
        return all.boundary
    }

    private mutating func append(_ bytes: ByteView, following: ByteView) {
        guard bytes.count > 0 else { return }
        let next = Boundary(
            bytes,
            following: following,
            dialect: dialect,
            kernel: kernel,
            hasStrayQuotes: hasStrayQuotes
        )
        boundary = boundary.followed(by: next)
    }
}
