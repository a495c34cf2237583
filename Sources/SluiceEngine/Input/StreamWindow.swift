import SluiceCSV
import SluicePlatform

/// The part of a stream that is in memory: the records that are not converted yet.
///
/// Bytes are added at the end and dropped at the front, so memory stays at about twice the longest record, which is limited.
struct StreamWindow: ~Copyable {
    private var memory = CheckedMemory()
    private var count = 0
    /// How many bytes at the front were scanned without finding a whole record.
    private var seen = 0
    private var offset: UInt64
    /// The physical line of the first byte in memory.
    private var line: UInt64
    private let dialect: Dialect
    private let kernel: Kernel
    private var isLast = false
    /// Whether the bytes after those in memory exist but cannot be read or used. The window is then not the last one, so that
    /// the record at its end counts as incomplete.
    private(set) var isDamaged = false
    /// Why no byte of the input can be used. The window is then empty.
    private(set) var fault: CSVError?
    /// Whether more bytes may follow.
    var isOpen: Bool { !isLast && !isDamaged }
    private let form: TextForm
    /// Offset in the stored input of what the first byte in memory was made from.
    private var storedOffset: UInt64

    /// Creates an empty window. The first byte that is appended must be the input's, or the resume point's.
    init(
        _ dialect: Dialect,
        _ kernel: Kernel,
        form: TextForm,
        from resume: ResumePoint? = nil
    ) {
        self.dialect = dialect
        self.kernel = kernel
        let entry = resume?.position ?? .start
        offset = entry.offset
        self.form = form
        storedOffset = entry.offset + form.markLength
        line = entry.line
    }

    private var base: UnsafeMutablePointer<UInt8> { memory.base.assumingMemoryBound(to: UInt8.self) }
    private var capacity: Int { memory.count - Window.padding }

    /// The bytes in memory, with ``Window/padding`` after them. Valid until this window is changed.
    private var bytes: ByteView { ByteView(base: base, count: count) }

    /// Valid until this window is changed.
    var window: Window {
        Window(
            bytes,
            offset: offset,
            line: line,
            isLast: isLast,
            form: form,
            storedOffset: storedOffset
        )
    }

    /// Drops the whole records at the front. Counts their line ends and, in a transcoded text, their stored bytes.
    mutating func drop(_ dropped: Int) {
        let next = dropped < count ? bytes[dropped] : nil
        line += UInt64(kernel.lineEnds(bytes[0..<dropped], next: next, dialect: dialect))
        storedOffset += form.storedCount(bytes[0..<dropped])
        count -= dropped
        seen = count
        offset += UInt64(dropped)
        base.update(from: base + dropped, count: count)
    }

    /// Makes room for `free` more bytes.
    private mutating func reserve(_ free: Int) throws(SluiceError) {
        guard capacity - count < free else { return }
        let size = max(Self.usualCapacity, 2 * capacity, count + free) + Window.padding
        guard memory.grow(to: size, keeping: count) else { throw .outOfMemory }
    }

    /// Appends bytes. Returns whether there are enough to scan the open record again.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) -> Bool {
        try reserve(bytes.count)
        let free = UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
        free.copyMemory(from: bytes)
        count += bytes.count
        return count >= enough
    }

    /// Ends the input. `isDamaged` states that more bytes exist but cannot be read.
    mutating func close(isDamaged: Bool = false) {
        self.isDamaged = isDamaged
        isLast = !isDamaged
    }

    /// How many bytes the window must hold before the open record is scanned again: one more than `seen` for a short record,
    /// twice `seen` for a long one, so that scans stay few, but no more than prove it too long.
    ///
    ///     seen 1 KiB       scanned again with the next byte
    ///     seen 100 KiB     scanned again at 200 KiB, then at 400 KiB
    private var enough: Int {
        if seen <= Self.longRecord { return seen + 1 }
        return max(seen + 1, min(2 * seen, dialect.maxRecord + SlowRecordParser.lookahead))
    }

    /// Reads from the source until there are enough bytes to scan the open record again, or the source ends.
    mutating func fill(from source: inout some ByteSource) throws(SluiceError) {
        try reserve(max(enough - count, Self.longRecord))
        while count < enough, isOpen {
            let free = UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
            let added = try source.read(into: free)
            count += added
            guard added == 0 else { continue }
            fault = source.fault
            close(isDamaged: source.isDamaged || fault != nil)
        }
    }

    /// The capacity allocated when the first bytes are appended.
    private static var usualCapacity: Int { 1 << 18 }
    private static var longRecord: Int { 1 << 16 }
}
