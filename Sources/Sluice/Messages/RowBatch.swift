import SluiceJSON

/// Some rows, one after the other, each followed by a separator.
///
/// Safe as long as the memory that it was made from is alive and unchanged: during one call of a packer.
struct RowBatch {
    /// The byte that the marks' output offsets count from.
    let base: UnsafeRawPointer
    /// Where the first row starts.
    private(set) var start: Int
    private(set) var marks: Marks

    typealias Marks = UnsafeBufferPointer<RowBuffer.Mark>.SubSequence

    init(base: UnsafeRawPointer, start: Int, marks: Marks) {
        self.base = base
        self.start = start
        self.marks = marks
    }

    /// Bytes of the first `count` rows, separators included.
    func size(of count: Int) -> Int { count == 0 ? 0 : marks[marks.startIndex + count - 1].outputEnd - start }

    /// The bytes of the first `count` rows.
    func text(of count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + start, count: size(of: count))
    }

    mutating func drop(_ count: Int) {
        start += size(of: count)
        marks = marks.dropFirst(count)
    }

    /// How many rows from the first on have a size together that satisfies a condition, which, once false, stays false.
    func prefix(where fits: (_ size: Int) -> Bool) -> Int {
        var (low, high) = (0, marks.count)
        while low < high {
            let middle = (low + high) / 2
            if fits(marks[marks.startIndex + middle].outputEnd - start) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
