import CSluiceKernels

/// What a range of bytes does to the reader's state, for each state in which the range may be entered.
///
/// Boundaries of neighbouring ranges combine, and combining is associative. So the state at any place of a file is a prefix
/// sum over boundaries, which can be computed in any order. For `b"⏎c⏎` (offsets 0…4):
///
///     entered outside quotes    the quote opens: no line ends, leaves inside
///     entered inside quotes     the quote closes: lines end at 2 and 4, leaves outside
///
/// Without comments and escape characters these two paths are all, and one pass over the quotes finds both. Otherwise there is
/// one for every ``Place``; see Boundary+Places.swift.
///
/// Such a boundary is exact only if quotes stand where the dialect allows them without further options. The tokenizer checks that
/// as it reads. Where bad records are put aside, quotes may stand anywhere; see QuoteScan.swift.
package struct Boundary: Sendable, Hashable {
    /// Where a byte stands, as far as that decides what it and the bytes after it mean.
    package enum Place: Int, Sendable, CaseIterable {
        /// Outside quotes: in a record, or anywhere if there are only two paths.
        case field
        case quotes
        case recordStart
        case comment
        /// After an escape character.
        case escaped
        case escapedInQuotes
        /// Where a value starts, and after a quote inside quotes: told apart only where quotes may stand anywhere.
        case valueStart
        case closing

        /// The places that are told apart where quotes stand only where the dialect allows them without further options.
        package static let ofAllowedQuotes = allCases.filter { $0 != .valueStart && $0 != .closing }
    }

    /// The record ends of a range that is entered in one place, and the place in which it is left. Offsets count from the range's
    /// first byte; a record that a CR LF ends, ends at the LF.
    package struct Path: Sendable, Hashable {
        package var exit: Place
        package var count = 0
        package var first: Int?
        package var last: Int?
        /// How many physical lines end up to and including `first`, also inside quotes; 0 if `first` is nil.
        package var linesToFirst: Int

        package init(to exit: Place, count: Int = 0, first: Int? = nil, last: Int? = nil, linesToFirst: Int = 0) {
            self.exit = exit
            self.count = count
            self.first = first
            self.last = last
            self.linesToFirst = linesToFirst
        }
    }

    package private(set) var length = 0
    /// The number of physical lines that end in the range.
    package private(set) var lineEnds = 0
    /// The paths from ``Place/field`` and ``Place/quotes``, or from all places; none through an empty range.
    package private(set) var paths: [Path] = []

    /// Creates the boundary of an empty range.
    package init() {}

    /// Creates a boundary from values computed elsewhere.
    package init(length: Int, lineEnds: Int, paths: [Path]) {
        self.length = length
        self.lineEnds = lineEnds
        self.paths = paths
    }

    /// Computes the boundary of the bytes. `following` are the bytes after them: as many as the dialect's
    /// ``Dialect/lookahead``, or fewer at the end of the input. With `hasStrayQuotes`, quotes may stand anywhere.
    package init(
        _ bytes: ByteView,
        following: ByteView,
        dialect: Dialect,
        kernel: Kernel,
        hasStrayQuotes: Bool = false
    ) {
        let next = following.count > 0 ? following[0] : nil
        self =
            hasStrayQuotes
            ? QuoteScan(bytes, following, dialect, kernel).boundary
            : dialect.hasCommentsOrEscapes
                ? BoundaryScan(bytes, following, dialect, kernel).boundary
                : Boundary(parityOf: bytes, next: next, dialect: dialect, kernel: kernel)
    }

    /// Returns the path of a reader that enters the range in that place.
    package func path(from place: Place) -> Path {
        if paths.isEmpty { return Path(to: place) }
        return paths[place.rawValue < paths.count ? place.rawValue : Place.field.rawValue]
    }

    /// Returns the boundary of this range and the one after it.
    package func followed(by other: Boundary) -> Boundary {
        if length == 0 { return other }
        if other.length == 0 { return self }
        let paths = paths.map { $0.followed(by: other.path(from: $0.exit), at: length, lines: lineEnds) }
        return Boundary(length: length + other.length, lineEnds: lineEnds + other.lineEnds, paths: paths)
    }
}

extension Boundary.Path {
    /// Appends the path through the next range. `offset` and `lines` are this range's length and number of physical lines.
    fileprivate func followed(by next: Boundary.Path, at offset: Int, lines: Int) -> Boundary.Path {
        var both = self
        both.exit = next.exit
        both.count += next.count
        if first == nil, let first = next.first {
            both.first = offset + first
            both.linesToFirst = lines + next.linesToFirst
        }
        both.last = next.last.map { offset + $0 } ?? last
        return both
    }

    fileprivate init(_ lines: sluice_lines, to exit: Boundary.Place) {
        // The kernels return SIZE_MAX for "none", which is -1 here.
        self.init(
            to: exit,
            count: lines.count,
            first: lines.first < 0 ? nil : lines.first,
            last: lines.last < 0 ? nil : lines.last
        )
    }
}

/// The parity of quotes.
extension Boundary {
    /// Computes the two paths of bytes without comments and escape characters. `next` is the byte after them, nil at the end of
    /// the input.
    init(parityOf bytes: ByteView, next: UInt8?, dialect: Dialect, kernel: Kernel) {
        let found = kernel.boundary(of: bytes, next: next, dialect: dialect)
        var outside = Path(found.lines.0, to: found.odd == 0 ? .field : .quotes)
        var inside = Path(found.lines.1, to: found.odd == 0 ? .quotes : .field)
        let lineEnds = outside.count + inside.count
        if !dialect.usesQuotes {
            // Bytes that the kernel takes for quotes change nothing: all line ends are outside.
            outside = Path(
                to: .field,
                count: lineEnds,
                first: [outside.first, inside.first].compactMap(\.self).min(),
                last: [outside.last, inside.last].compactMap(\.self).max()
            )
            inside = Path(to: .quotes)
        }
        func linesTo(_ place: Int?) -> Int {
            guard let place else { return 0 }
            let after = place + 1 < bytes.count ? bytes[place + 1] : next
            return kernel.lineEnds(bytes[0..<place + 1], next: after, dialect: dialect)
        }
        outside.linesToFirst = linesTo(outside.first)
        inside.linesToFirst = linesTo(inside.first)
        self.init(length: bytes.count, lineEnds: lineEnds, paths: [outside, inside])
    }
}

extension Kernel {
    fileprivate func boundary(of bytes: ByteView, next: UInt8?, dialect: Dialect) -> sluice_boundary {
        var found = sluice_boundary()
        // Reads the view's bytes only.
        unsafe functions.pointee.find_boundary(
            bytes.base,
            bytes.count,
            next.map(Int32.init) ?? -1,
            dialect.forKernel,
            &found
        )
        return found
    }
}
