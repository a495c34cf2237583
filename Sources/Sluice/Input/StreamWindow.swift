import SluiceCSV

/// The part of a stream that is in memory: the records that are not converted yet.
///
/// Bytes are added at the end and dropped at the front, so memory stays at about twice the longest record, which is limited.
struct StreamWindow: ~Copyable {
    private var memory = CheckedMemory()
    /// The capacity that it begins with, when the first bytes are added.
    private let usual: Int
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
    /// Why nothing of the input can be read; the window is empty then, and not the last.
    private(set) var fault: CSVError?
    /// Whether there are bytes to come.
    var isOpen: Bool { !isLast && !isDamaged && fault == nil }
    private let form: TextForm
    /// Where that of which the first byte in memory was made is in the input as it is stored.
    private var storedOffset: UInt64

    /// An empty window; the first byte that is added is that of the entry's record.
    init(
        _ dialect: Dialect,
        _ kernel: Kernel,
        from entry: RecordPosition = .start,
        form: TextForm = .asStored,
        capacity: Int = 1 << 18
    ) {
        self.dialect = dialect
        self.kernel = kernel
        offset = entry.offset
        self.form = form
        storedOffset = entry.offset + form.markLength
        line = entry.line
        usual = capacity
    }

    private var base: UnsafeMutablePointer<UInt8> { memory.base.assumingMemoryBound(to: UInt8.self) }
    private var capacity: Int { memory.count - Window.padding }

    /// Safe until this window is changed.
    var window: Window {
        Window(
            base: base,
            count: count,
            offset: offset,
            line: line,
            isLast: isLast,
            form: form,
            storedOffset: storedOffset
        )
    }

    /// Drops records at the front, and counts the lines that end in them and, of a decoded text, what they were stored as.
    mutating func drop(_ dropped: Int) {
        let next = dropped < count ? base[dropped] : nil
        line += UInt64(kernel.lineEnds(base, count: dropped, next: next, dialect: dialect))
        storedOffset += form.storedCount(base, count: dropped)
        count -= dropped
        offset += UInt64(dropped)
        base.update(from: base + dropped, count: count)
    }

    /// Makes room for `free` more bytes.
    private mutating func reserve(_ free: Int) throws(SluiceError) {
        guard capacity - count < free else { return }
        let size = max(usual, 2 * capacity, count + free) + Window.padding
        guard memory.grow(to: size, keeping: count) else { throw .outOfMemory }
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        try reserve(bytes.count)
        let free = UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
        free.copyMemory(from: bytes)
        count += bytes.count
    }

    /// Nothing follows what was added.
    mutating func close() { isLast = true }

    /// How many bytes there should be before a record is looked at that goes on beyond the first `seen`: twice as many, lest
    /// a long record that comes in many pieces be looked at again with every piece; but no more than it takes to tell that
    /// it is too long.
    static func enough(beyond seen: Int, maxRecord: Int) -> Int {
        seen > longRecord ? max(seen + 1, min(2 * seen, maxRecord + SlowRecordParser.lookahead)) : seen + 1
    }

    /// Adds bytes of the source, what it gives at once, until there are enough.
    mutating func fill(from source: inout some ByteSource, maxRecord: Int) throws(SluiceError) {
        let wanted = Self.enough(beyond: count, maxRecord: maxRecord)
        try reserve(max(wanted - count, Self.longRecord))
        while count < wanted, isOpen {
            let free = UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
            let added = try source.read(into: free)
            count += added
            guard added == 0 else { continue }
            isDamaged = source.isDamaged
            fault = source.fault
            isLast = !isDamaged && fault == nil
        }
    }

    static var longRecord: Int { 1 << 16 }
}
