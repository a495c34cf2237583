/// Finds the physical lines of places in a window, by counting line ends from the nearest place whose line it knows.
///
/// Nothing is counted before somebody asks. Who asks for places in order has each byte counted once at most.
package struct LineFinder {
    private let dialect: Dialect
    private let kernel: Kernel
    private var window: Window
    /// A place in the window, and its line.
    private var known: (offset: UInt64, line: UInt64)

    package init(_ dialect: Dialect, _ kernel: Kernel, window: Window) {
        self.dialect = dialect
        self.kernel = kernel
        self.window = window
        known = (window.offset, window.line)
    }

    /// Takes the window that the tokenizer has now.
    package mutating func slide(to window: Window) {
        self.window = window
        known = (window.offset, window.line)
    }

    /// Takes a place in the window whose line somebody else knows.
    package mutating func know(_ line: UInt64, of offset: UInt64) { known = (offset, line) }

    /// The line of that byte; nil if it is not in the window any more.
    package mutating func line(of offset: UInt64) -> UInt64? {
        guard offset >= window.offset else { return nil }
        let place = min(offset, window.offset + UInt64(window.count))
        if place >= known.offset {
            known.line += lineEnds(known.offset..<place)
        } else {
            known.line -= lineEnds(place..<known.offset)
        }
        known.offset = place
        return known.line
    }

    /// Where a byte of the window is in the input as it is stored, and its line.
    package mutating func place(of offset: UInt64) -> (offset: UInt64, line: UInt64?) {
        (window.stored(offset), line(of: offset))
    }

    /// The error with the line of its byte, and the place of that in the input as it is stored.
    package mutating func placed(_ error: CSVError) -> CSVError {
        var error = error
        (error.offset, error.line) = place(of: error.offset)
        return error
    }

    /// How many lines end in a range, which lies in the window.
    package func lineEnds(_ range: Range<UInt64>) -> UInt64 {
        let end = Int(range.upperBound - window.offset)
        return UInt64(
            kernel.lineEnds(
                window.base + Int(range.lowerBound - window.offset),
                count: range.count,
                next: window.byte(at: end),
                dialect: dialect
            )
        )
    }
}
