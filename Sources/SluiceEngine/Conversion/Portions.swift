import SluiceCSV

/// An input cut into portions, each of some segments, for workers that share no state.
///
///     plan         cut the input at multiples of the portion's size
///     boundary     compute each portion's boundary, in any order
///     combine      add the boundaries in order: where each portion's span starts
///     convert      each span, in any order
///
/// Boundaries assume quotes only where RFC 4180 allows them. So cut only inputs with ``Dialect/hasExactBoundaries``, and check
/// with ``isContinuous(_:_:)`` that each span ended where the next one starts.
package struct Portions: Sendable, Hashable {
    /// Bytes of the input.
    package let inputSize: UInt64
    /// Bytes of a portion, a multiple of the segment size.
    package let size: UInt64

    package init(of inputSize: UInt64, size: UInt64) {
        self.inputSize = inputSize
        self.size = size
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

    /// Whether a worker that reached `reached` ended where the next one began, and so started in the true state. At the end
    /// of the input only the offsets must agree: an input that holds nothing but a byte order mark has no record.
    package func isContinuous(_ reached: RecordPosition, _ next: RecordPosition) -> Bool {
        reached == next || (reached.offset == next.offset && next.offset == inputSize)
    }

    /// Returns where the spans start, and after them the end of the input: one position more than there are portions.
    ///
    /// A portion in which no record starts has an empty span: it gets the start of the next span. So the starts are filled
    /// in from the end:
    ///
    ///     first record     0     –    24     –      the input ends at 40
    ///     starts           0    24    24    40    40
    ///     spans         0-24  none  24-40  none
    package func spanStarts(_ boundaries: [Boundary]) -> [RecordPosition] {
        var state = ReaderState(.start)
        var firsts: [RecordPosition?] = []
        for boundary in boundaries {
            firsts.append(state.firstRecord(in: boundary))
            state = state.after(boundary)
        }
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
    /// The most items that a map of a state machine takes. More portions would gain nothing.
    package static let most = 10_000

    /// Cuts an input into portions of `size` bytes, or larger ones if there would be more than ``most``.
    package init(cutting inputSize: UInt64, into size: UInt64, segmentSize: Int) {
        let least = Self.size(of: inputSize, segmentSize: segmentSize, count: UInt64(Self.most))
        self.init(of: inputSize, size: max(size, least))
    }
}

extension Dialect {
    /// Whether quotes may stand only where boundaries assume them.
    package var hasExactBoundaries: Bool { quoteInPlain == .error && afterQuote == .error }
}

/// Computes the boundary of a range of an input that is given in pieces.
package struct RangeBoundary: Sendable {
    private let dialect: Dialect
    private let kernel: Kernel
    private var boundary = Boundary()
    /// The last byte so far, which is not added yet: what a CR means depends on the byte after it.
    private var last: UInt8?

    package init(_ dialect: Dialect, kernel: Kernel = .best) {
        self.dialect = dialect
        self.kernel = kernel
    }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first, let next = bytes.last else { return }
        append(next: first)
        let view = ByteView(bytes.assumingMemoryBound(to: UInt8.self))
        if view.count > 1 { append(view[0..<view.count - 1], next: next) }
        last = next
    }

    /// Returns the boundary of what was added. `next` is the byte after it, nil at the end of the input.
    package func boundary(next: UInt8?) -> Boundary {
        var all = self
        all.append(next: next)
        return all.boundary
    }

    private mutating func append(next: UInt8?) {
        guard let last else { return }
        [last].withView { append($0, next: next) }
        self.last = nil
    }

    private mutating func append(_ bytes: ByteView, next: UInt8?) {
        boundary = boundary.followed(by: Boundary(bytes, next: next, dialect: dialect, kernel: kernel))
    }
}
