import CSluiceKernels
internal import SluicePlatform

/// Reads bytes as records, a stretch at a time.
///
/// A stretch starts at a record's start, so it does not depend on what came before. The kernel indexes it in one call, and the
/// reader gets all records that end in it at once. The incomplete record at its end is indexed again as the start of the next
/// stretch. If the index cannot handle the first record (a quote where RFC 4180 allows none, ill-formed UTF-8) or does not
/// reach its end, that record alone is read byte by byte, and the next stretch starts after it:
///
///     stretch       a,b⏎c,d⏎12" x,5⏎e,f⏎…     a violation at the quote in the third record
///     step          .indexed                   a,b⏎c,d⏎
///     step          .record                    12" x,5⏎   exact, or an error
///     step          .indexed                   e,f⏎…
///
/// After a violation stretches start small again, so that an input full of them costs little more.
package struct Tokenizer: ~Copyable {
    package enum Step {
        /// ``Tokenizer/index`` has records to read.
        case indexed
        /// ``Tokenizer/slowRecord`` is the next record, checked and already counted as read.
        case record
        /// The window has no complete record left. It must grow, best to twice what is left in it.
        case more
        /// No record is left that starts before the limit.
        case end
    }

    static let smallestStretch = 1 << 10
    static let usualStretch = 1 << 15
    static let largestStretch = 1 << 24

    /// The dialect, with the delimiter that the input names itself.
    package internal(set) var dialect: Dialect
    package let kernel: Kernel
    /// What the start of the input has determined.
    package internal(set) var opening: Opening
    /// The records to read next. Readers advance its position.
    package var index: StructuralIndex
    /// The memory of ``index``, reused for each stretch.
    var indexMemory = CheckedMemory()
    /// The record of the last ``Step/record``. Its offsets are those of that step's window.
    package internal(set) var slowRecord = SlowRecordParser()
    package private(set) var window: Window
    /// Whether an error's probable cause is looked for, which takes time.
    package var examinesErrors = true
    /// The repairs in records that were read byte by byte, and in the header.
    var repairs = Repairs()
    /// Those in ``slowRecord``, which do not count if its values turn out to be bad.
    private var lastRepairs = Repairs()

    private(set) var kernelDialect: sluice_dialect
    /// The size of the next stretch.
    var stretchSize: Int
    /// The largest stretch. It is no longer than a record may be, so records that end in a stretch need no length check.
    let largest: Int

    /// Creates a tokenizer of an input from its start or, with what the start has determined, from any later record on.
    package init(dialect: Dialect, kernel: Kernel, opening: Opening? = nil, window: Window) {
        self.dialect = dialect
        self.kernel = kernel
        self.opening = opening ?? Opening(dialect)
        self.window = window
        kernelDialect = dialect.forKernel
        largest = min(Tokenizer.largestStretch, dialect.maxRecord)
        stretchSize = min(Tokenizer.usualStretch, largest)
        // An index without bytes fits any memory.
        index = unsafe StructuralIndex(window.bytes[0..<0], in: indexMemory.base, number: 1, origin: 0)
        if let delimiter = opening?.delimiter { use(delimiter) }
    }

    /// The header, once it is known.
    package var header: Header? { opening.header }

    /// Sets the delimiter that the input names itself.
    mutating func use(_ delimiter: UInt8) {
        dialect.delimiter = delimiter
        dialect.delimiterTail = []
        kernelDialect = dialect.forKernel
    }

    /// Window offset of the next record's first byte; the window's end after a record that the end of the input ends.
    package var position: Int { min(index.origin + index.start, window.count) }

    /// Moves to the record with that number, whose first byte is at the window offset `position`.
    package mutating func seek(to position: Int, number: UInt64) {
        index.completeCount = 0
        index.next = 0
        index.start = 0
        index.origin = position
        index.number = number
    }

    /// Switches to a new window, whose first byte is `dropped` bytes after the old one's.
    package mutating func slide(to window: Window, dropped: Int) {
        let position = position - dropped
        self.window = window
        seek(to: position, number: index.number)
    }

    /// Finds the next records among those that start before the window offset `limit`.
    package mutating func step(limit: Int = .max) throws(CSVError) -> Step {
        if position >= limit { return .end }
        if index.next < index.completeCount { return .indexed }
        if position == window.count { return window.isLast ? .end : .more }
        return try fillIndex() ? .indexed : readRecord() ? .record : .more
    }

    /// Reads the next record byte by byte and checks it. Returns false if it goes on beyond the window.
    ///
    /// A reader of ``index`` calls this for a record with the wrong number of fields: it throws if the dialect refuses those.
    package mutating func readRecord() throws(CSVError) -> Bool {
        do throws(CSVError) { return try readNamelessRecord() } catch { throw named(error) }
    }

    /// Reads the next record, which is skipped: only what decides where it ends is checked.
    mutating func skipRecord() throws(CSVError) -> Bool {
        do throws(CSVError) {
            guard try scanRecord() else { return false }
            if slowRecord.isBlank { try checkBlank() }
        } catch {
            throw named(error)
        }
        seek(to: slowRecord.next, number: index.number + 1)
        return true
    }

    /// Skips the line at the position. Returns false if it goes on beyond the window.
    mutating func skipLine() throws(CSVError) -> Bool {
        let number = index.number
        guard try slowRecord.scanLine(window, from: position, number: number, dialect: dialect) else { return false }
        seek(to: slowRecord.next, number: number)
        return true
    }

    private mutating func readNamelessRecord() throws(CSVError) -> Bool {
        let width = header?.width
        guard try window.form.isTranscoded ? scanTranscodedRecord() : scanRecord() else { return false }
        guard try checkShape() else { return false }
        if dialect.invalidUTF8 == .error, let error = slowRecord.illFormedUTF8(window, number: index.number) {
            throw error
        }
        if dialect.acceptsViolations {
            let expected = slowRecordIsRow ? width : nil
            repairs.add(lastRepairs.take())
            slowRecord.note(in: &lastRepairs, window, number: index.number, dialect: dialect, width: expected)
        }
        seek(to: slowRecord.next, number: index.number + 1)
        return true
    }

    /// Returns the repairs since the last call, without those of readers of ``index``. Those in the last ``slowRecord`` come only if
    /// it was taken.
    package mutating func takeRepairs(withLast isTaken: Bool = true) -> Repairs {
        if isTaken { repairs.add(lastRepairs.take()) }
        return repairs.take()
    }

    /// Forgets the repairs in the last ``slowRecord``, which is bad, or will be read again.
    package mutating func dropLastRepairs() { lastRepairs = Repairs() }

    mutating func scanRecord() throws(CSVError) -> Bool {
        let (start, number) = (position, index.number)
        guard examinesErrors else { return try slowRecord.read(window, from: start, number: number, dialect: dialect) }
        return try slowRecord.scan(window, from: start, number: number, dialect: dialect, width: header?.width)
    }
}
