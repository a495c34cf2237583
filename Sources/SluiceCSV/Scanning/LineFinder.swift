/// Finds the physical lines of places in a window by counting line ends from the last place whose line is known.
///
/// It counts only when asked. If the caller asks for places in order, each byte is counted once at most.
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

    /// Switches to the tokenizer's current window.
    package mutating func slide(to window: Window) {
        self.window = window
        known = (window.offset, window.line)
    }

    /// Sets the known place: the line of an offset in the window.
    package mutating func know(_ line: UInt64, of offset: UInt64) { known = (offset, line) }

    /// Returns the line of the byte at that offset, or nil if it is before the window.
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

    /// Returns the position of the record with that number, which starts at that offset of the window.
    package mutating func position(of offset: UInt64, number: UInt64) -> RecordPosition {
        RecordPosition(offset: offset, number: number, line: line(of: offset) ?? 0)
    }

    /// Returns the offset in the input as stored, and the line, of a byte of the window.
    package mutating func place(of offset: UInt64) -> (offset: UInt64, line: UInt64?) {
        (window.stored(offset), line(of: offset))
    }

    /// Returns the error with its line, and with its offset in the input as stored.
    package mutating func placed(_ error: CSVError) -> CSVError {
        var error = error
        (error.offset, error.line) = place(of: error.offset)
        return error
    }

    /// Returns how many lines end in a range, which must lie in the window.
    package func lineEnds(_ range: Range<UInt64>) -> UInt64 {
        let (start, end) = (Int(range.lowerBound - window.offset), Int(range.upperBound - window.offset))
        return UInt64(kernel.lineEnds(window.bytes[start..<end], next: window.byte(at: end), dialect: dialect))
    }
}
