import SluiceJSON

/// Rows one after another, each followed by a separator.
///
/// Safe as long as the memory of the rows is alive and unchanged: during one call of a packer.
struct RowBatch {
    /// The byte from which the marks' output offsets count.
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

    /// Returns the size of the first `count` rows in bytes, separators included.
    func size(of count: Int) -> Int { count == 0 ? 0 : marks[marks.startIndex + count - 1].outputEnd - start }

    /// Returns the bytes of the first `count` rows.
    func text(of count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + start, count: size(of: count))
    }

    mutating func drop(_ count: Int) {
        start += size(of: count)
        marks = marks.dropFirst(count)
    }

    /// Returns how many rows from the first on have a total size for which `fits` holds. Once false, it must be so for all
    /// larger sizes.
    ///
    /// - Complexity: O(log *n*) calls of `fits` for *n* rows.
    func prefix(where fits: (_ size: Int) -> Bool) -> Int {
        var (low, high) = (0, marks.count)
        while low < high {
            let middle = (low + high) / 2
            if fits(marks[marks.startIndex + middle].outputEnd - start) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
