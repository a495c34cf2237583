import SluicePlatform

/// A growing buffer of plain values, whose address can be kept once it stops growing.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
    /// Bytes after the values that may be read but are never used.
    static var padding: Int { 64 }

    private var memory = CheckedMemory()
    private(set) var count = 0

    /// The first value, valid until the buffer grows or ends.
    var base: UnsafeMutablePointer<Element> { memory.base.assumingMemoryBound(to: Element.self) }

    /// Makes room for `more` values after ``count``, which the caller may write before it adds them.
    mutating func reserve(_ more: Int) throws(SluiceError) {
        let size = (count + more) * MemoryLayout<Element>.stride + Self.padding
        guard size > memory.count else { return }
        let kept = count * MemoryLayout<Element>.stride
        guard memory.grow(to: max(size, 2 * memory.count), keeping: kept) else { throw .outOfMemory }
    }

    /// Counts `more` values, which were written to the room that ``reserve(_:)`` made.
    mutating func add(_ more: Int) { count += more }

    mutating func append(_ value: Element) throws(SluiceError) {
        try reserve(1)
        base[count] = value
        count += 1
    }

    mutating func append(_ values: UnsafeBufferPointer<Element>) throws(SluiceError) {
        guard let start = values.baseAddress else { return }
        try reserve(values.count)
        (base + count).update(from: start, count: values.count)
        count += values.count
    }

    mutating func clear() { count = 0 }
}
