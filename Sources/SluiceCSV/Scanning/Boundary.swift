import CSluiceKernels

/// What a range of bytes does to the reader's state, for each state in which the range may be entered.
///
/// Boundaries of neighbouring ranges combine, and combining is associative. So the state at any place of a file is a prefix
/// sum over boundaries, which can be computed in any order. For `b"⏎c⏎` (offsets 0…4):
///
///     entered outside quotes    the quote opens: no line ends, leaves inside
///     entered inside quotes     the quote closes: lines end at 2 and 4, leaves outside
///
/// A boundary is exact only if quotes stand where RFC 4180 allows them. The tokenizer checks that as it reads.
package struct Boundary: Sendable, Hashable {
    /// The line ends of a range under one hypothesis. Offsets count from the range's first byte.
    package struct Lines: Sendable, Hashable {
        package var count = 0
        package var first: Int?
        package var last: Int?
        /// How many physical lines end up to and including `first`, also inside quotes; 0 if `first` is nil.
        package var linesToFirst: Int

        package init(count: Int = 0, first: Int? = nil, last: Int? = nil, linesToFirst: Int = 0) {
            self.count = count
            self.first = first
            self.last = last
            self.linesToFirst = linesToFirst
        }
    }

    package private(set) var length = 0
    /// Whether the number of quotes is odd: the range is then left in the opposite of the state it was entered in.
    package private(set) var isOdd = false
    /// The line ends if the range is entered outside quotes.
    package private(set) var outside = Lines()
    /// The line ends if the range is entered inside quotes.
    package private(set) var inside = Lines()

    /// Creates the boundary of an empty range.
    package init() {}

    /// Creates a boundary from values computed elsewhere.
    package init(length: Int, isOdd: Bool, outside: Lines, inside: Lines) {
        self.length = length
        self.isOdd = isOdd
        self.outside = outside
        self.inside = inside
    }

    /// Computes the boundary of the bytes. `next` is the byte after them, nil at the end of the input.
    package init(_ bytes: ByteView, next: UInt8?, dialect: Dialect, kernel: Kernel) {
        let found = kernel.boundary(of: bytes, next: next, dialect: dialect)
        length = bytes.count
        isOdd = found.odd != 0
        outside = Lines(found.lines.0)
        inside = Lines(found.lines.1)
        func linesTo(_ place: Int?) -> Int {
            guard let place else { return 0 }
            let after = place + 1 < bytes.count ? bytes[place + 1] : next
            return kernel.lineEnds(bytes[0..<place + 1], next: after, dialect: dialect)
        }
        outside.linesToFirst = linesTo(outside.first)
        inside.linesToFirst = linesTo(inside.first)
    }

    /// The number of physical lines that end in the range: those inside quotes under one hypothesis are outside under the
    /// other.
    package var lineEnds: Int { outside.count + inside.count }

    /// Returns the boundary of this range and the one after it.
    package func followed(by other: Boundary) -> Boundary {
        var both = self
        both.length += other.length
        both.isOdd = isOdd != other.isOdd
        both.outside.append(isOdd ? other.inside : other.outside, at: length, lines: lineEnds)
        both.inside.append(isOdd ? other.outside : other.inside, at: length, lines: lineEnds)
        return both
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

extension Boundary.Lines {
    fileprivate init(_ lines: sluice_lines) {
        linesToFirst = 0
        count = lines.count
        // The kernels return SIZE_MAX for "none", which is -1 here.
        first = lines.first < 0 ? nil : lines.first
        last = lines.last < 0 ? nil : lines.last
    }

    /// Appends the line ends of the next range. `offset` and `lines` are this range's length and number of physical lines.
    fileprivate mutating func append(_ other: Boundary.Lines, at offset: Int, lines: Int) {
        count += other.count
        if first == nil, other.first != nil { linesToFirst = lines + other.linesToFirst }
        first = first ?? other.first.map { $0 + offset }
        last = other.last.map { $0 + offset } ?? last
    }
}
