internal import SluicePlatform

/// Reads CSV record by record without copying: fields are views of the input.
///
///     var cursor = try RecordCursor(file: "orders.csv")
///     let names = try cursor.header  // ["order", "customer", "note"]
///     while let record = try cursor.next() {
///         record[2].bytes    // RawSpan of the input
///         record[2].string   // a copy, with doubled quotes halved
///     }
///
/// A record and its fields are valid until the next call of ``next()``. ``Dialect`` decides what is a record and what is an
/// error, as everywhere in Sluice. The cursor does not return the header and skipped blank lines, but ``CSVRecord/number``
/// counts them.
///
/// Time is proportional to the input: ``next()`` takes time proportional to the record, over a vectorized index of 32 KiB at a
/// time. Memory is about 200 KiB besides the input; records longer than that stretch need more, up to 70 MiB. Use a cursor
/// from one thread at a time.
public struct RecordCursor: ~Copyable, ~Escapable {
    private var tokenizer: Tokenizer
    /// The file of a cursor over a file. Keeps its bytes mapped.
    private let file: MappedFile?
    private let turn = CursorTurn()

    /// Creates a cursor over bytes in memory: for an array, `array.span.bytes`.
    ///
    /// - Throws: `OptionError` if the dialect is invalid.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, dialect: Dialect = .rfc4180, kernel: Kernel = .best) throws(OptionError) {
        try dialect.check()
        // The pointer outlives the closure, but it is valid as long as the span is, and the cursor lives no longer.
        let buffer = unsafe bytes.withUnsafeBytes { unsafe $0 }
        unsafe self.init(ByteView(buffer.assumingMemoryBound(to: UInt8.self)), dialect, kernel, file: nil)
    }

    /// Creates a cursor over a regular file, which is mapped, not loaded.
    ///
    /// Sluice maps at most 256 files at a time in a process. The first installs a handler of SIGBUS, which passes signals
    /// that do not concern those files to the previous handler.
    ///
    /// - Throws: `CursorError` if the dialect is invalid or the file cannot be mapped.
    @_lifetime(immortal)
    public init(file path: String, dialect: Dialect = .rfc4180, kernel: Kernel = .best) throws(CursorError) {
        do throws(OptionError) { try dialect.check() } catch { throw .options(error) }
        let file: MappedFile?
        do throws(SystemFault) { file = try MappedFile.map(path) } catch { throw .file(error) }
        // The bytes are valid as long as the file is mapped, and this cursor keeps `file`.
        let bytes = unsafe file?.bytes ?? ByteView(UnsafeBufferPointer(start: nil, count: 0))
        self.init(bytes, dialect, kernel, file: file)
    }

    @_lifetime(immortal)
    private init(_ bytes: ByteView, _ dialect: Dialect, _ kernel: Kernel, file: MappedFile?) {
        tokenizer = Tokenizer(dialect: dialect, kernel: kernel, window: Window(bytes, offset: 0, isLast: true))
        self.file = file
    }

    /// The names of the columns: the input's first record or the dialect's names, made unique if the dialect says so. Nil in a
    /// table without names and in an input without records.
    ///
    /// - Throws: The error of the header record, if it has one. An error after it, in records that are skipped, is thrown by
    ///   ``next()``.
    public var header: [String]? {
        mutating get throws(CSVError) {
            do throws(CSVError) { _ = try tokenizer.begin() } catch {
                if tokenizer.header == nil { throw tokenizer.placed(error) }
            }
            return tokenizer.header?.names?.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Returns the next record, or nil after the last.
    ///
    /// - Throws: The first error of the input, after all records before it were returned. ``CSVError/Code/inputChanged`` if the
    ///   file has become shorter since it was opened, or, after the last record, if it was changed in any way: then the last
    ///   records returned may be wrong too.
    @_lifetime(&self)
    public mutating func next() throws(CSVError) -> CSVRecord? {
        // The layout is valid until the tokenizer's next step, which is in the next call.
        turn.begin()
        do throws(CSVError) {
            guard let layout = try advance() else { return nil }
            return CSVRecord(layout, CursorStamp(turn))
        } catch {
            throw tokenizer.placed(error)
        }
    }
}

extension RecordCursor {
    private mutating func advance() throws(CSVError) -> RecordLayout? {
        guard case .ready = try tokenizer.begin(), let width = tokenizer.header?.width else { return nil }
        while true {
            switch try tokenizer.step() {
            // The window is the whole input, so it cannot grow.
            case .end, .more:
                if let file, file.isChanged { throw inputChanged }
                return nil
            case .record:
                try checkFile()
                if tokenizer.slowRecordIsRow { return slowRecordLayout(width: width) }
            case .indexed:
                if tokenizer.index.next == 0 { try checkFile() }
                if let layout = try takeFromIndex(width: width) { return layout }
            }
        }
    }

    private func checkFile() throws(CSVError) {
        if let file, file.isTruncated { throw inputChanged }
    }

    private var inputChanged: CSVError {
        CSVError(.inputChanged, offset: UInt64(tokenizer.position), record: tokenizer.index.number)
    }

    /// Takes the next record of the index. Returns nil if it is a blank line to skip.
    private mutating func takeFromIndex(width: Int) throws(CSVError) -> RecordLayout? {
        let index = tokenizer.index
        let last = index.lastOfRecord
        let end = index[last]
        let given = last - index.next + 1
        let isBlank = given == 1 && index.contentEnd(of: end) == index.start
        let skipsIt = isBlank && tokenizer.skipsBlankLines
        let dialect = tokenizer.dialect
        let isRagged = given != width && (dialect.ragged == .error || given > dialect.maxColumns)
        let isRefused = isBlank ? dialect.blankLines == .error : isRagged
        if isRefused, !skipsIt {
            // Reading the record byte by byte throws the error.
            return try tokenizer.readRecord() ? slowRecordLayout(width: width) : nil
        }
        tokenizer.index.next = last + 1
        tokenizer.index.start = StructuralIndex.offset(end) + 1
        tokenizer.index.number += 1
        if skipsIt { return nil }
        return layout(
            .indexed(index),
            start: index.origin + index.start,
            number: index.number,
            given: given,
            width: width
        )
    }

    private func slowRecordLayout(width: Int) -> RecordLayout {
        let record = tokenizer.slowRecord
        return layout(
            .spans(record.fields),
            start: record.start,
            number: tokenizer.index.number - 1,
            given: record.fields.count,
            width: width
        )
    }

    private func layout(
        _ fields: RecordLayout.Fields,
        start: Int,
        number: UInt64,
        given: Int,
        width: Int
    ) -> RecordLayout {
        let count =
            switch tokenizer.dialect.ragged {
            case .error, .omit: given
            case .pad: max(given, width)
            case .truncate: width
            }
        return RecordLayout(
            window: tokenizer.window,
            dialect: tokenizer.dialect,
            fields: fields,
            start: start,
            number: number,
            given: given,
            count: count
        )
    }
}
