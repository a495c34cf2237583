import SluiceCSV

/// The part of a stream that is in memory: the records that are not converted yet.
///
/// Bytes are added at the end and dropped at the front, so memory stays at about twice the longest record.
struct StreamWindow: ~Copyable {
    /// Memory that this window owns, `capacity` bytes and `Window.padding` more.
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    private var offset: UInt64
    /// The physical line of the first byte in memory.
    private var line: UInt64
    private let dialect: Dialect
    private let kernel: Kernel
    private var isLast = false
    /// The bytes that follow those in memory cannot be had. The window is not the last one then, so that the record at
    /// its end counts as one that goes on.
    private(set) var isDamaged = false

    /// An empty window; the first byte that is added is that of the entry's record.
    init(_ dialect: Dialect, _ kernel: Kernel, from entry: SegmentEntry = .start, capacity: Int = 1 << 18) {
        self.dialect = dialect
        self.kernel = kernel
        self.capacity = capacity
        offset = entry.offset
        line = entry.line
        base = Self.allocate(capacity)
    }

    deinit { base.deallocate() }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let base = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Window.padding)
        base.initialize(repeating: 0, count: capacity + Window.padding)
        return base
    }

    /// Safe until this window is changed.
    var window: Window { Window(base: base, count: count, offset: offset, line: line, isLast: isLast) }

    /// Drops bytes at the front, and counts the lines that end in them.
    mutating func drop(_ dropped: Int) {
        let next = dropped < count ? base[dropped] : nil
        line += UInt64(kernel.lineEnds(base, count: dropped, next: next, dialect: dialect))
        count -= dropped
        offset += UInt64(dropped)
        base.update(from: base + dropped, count: count)
    }

    /// Makes room for `free` more bytes.
    private mutating func reserve(_ free: Int) {
        guard capacity - count < free else { return }
        let larger = Self.allocate(max(2 * capacity, count + free))
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = max(2 * capacity, count + free)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        let free = UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
        free.copyMemory(from: bytes)
        count += bytes.count
    }

    /// Nothing follows what was added.
    mutating func close() { isLast = true }

    /// Adds bytes of the source: what it gives at once, but at least as many as there are, lest a long record that comes
    /// in many pieces be looked at again with every piece.
    mutating func fill(from source: inout some ByteSource) throws(SluiceError) {
        let wanted = count > Self.longRecord ? 2 * count : count + 1
        reserve(max(count, Self.longRecord))
        while count < wanted, !isLast, !isDamaged {
            let free = UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
            let added = try source.read(into: free)
            count += added
            guard added == 0 else { continue }
            isDamaged = source.isDamaged
            isLast = !isDamaged
        }
    }

    static var longRecord: Int { 1 << 16 }
}
