import SluiceJSON

/// Rows one after another, each followed by a separator.
///
/// Safe as long as the memory of the rows is alive and unchanged: during one call of a packer.
struct RowBatch {
    /// The byte from which the marks' output offsets count.
    let base: UnsafeRawPointer
    /// Where the first row starts, and where it would without the escapes of a JSON string around the rows.
    private(set) var start: Int
    private var plainStart: Int
    private(set) var marks: Marks

    typealias Marks = UnsafeBufferPointer<RowBuffer.Mark>.SubSequence

    init(base: UnsafeRawPointer, start: Int, marks: Marks) {
        self.base = base
        self.start = start
        plainStart = start
        self.marks = marks
    }

    /// Returns the size of the first `count` rows in bytes, separators included and such escapes left out.
    func size(of count: Int) -> Int { count == 0 ? 0 : marks[marks.startIndex + count - 1].plainEnd - plainStart }

    /// Returns the bytes of the first `count` rows.
    func text(of count: Int) -> UnsafeRawBufferPointer {
        let end = count == 0 ? start : marks[marks.startIndex + count - 1].outputEnd
        return UnsafeRawBufferPointer(start: base + start, count: end - start)
    }

    mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        let last = marks[marks.startIndex + count - 1]
        (start, plainStart) = (last.outputEnd, last.plainEnd)
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
            if fits(marks[marks.startIndex + middle].plainEnd - plainStart) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
