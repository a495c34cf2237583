public import SluiceCSV
import SluiceJSON

/// Decodes records into values of your own types.
///
///     struct Order: Decodable {
///         var id: Int
///         var customer: String
///         var price: Double?
///         var address: Address       // of the columns address.street, address.city
///     }
///
///     let orders = try CSVDecoder().decode([Order].self, file: "orders.csv")
///
///     let rows = try CSVDecoder().rows(of: Order.self, file: "orders.csv")
///     while let order = try rows.next() { … }
///
///     for try await order in CSVDecoder().rows(of: Order.self, from: body) { … }
///
/// Keys are names of columns. Columns that a type does not ask for are not looked at. Values are read as the types ask: whole
/// numbers, numbers, `true` and `false` (or `1` and `0`), strings, types that decode themselves from one of these, and
/// ``CSVTextDecodable`` types, which Foundation's `Date`, `Decimal` and `URL` are with `SluiceFoundation`. In an input without a
/// header, a row is an array.
///
/// An empty value is nil, except for `String` and `String?`: both are the empty string. ``nullTexts`` replaces this rule, and a
/// ``Schema`` does.
///
/// What is wrong with the input is a ``SluiceError/badData(_:)`` with line, record and column: of a value that is not of its
/// type ``CSVError/Code/typeMismatch``, of a missing one ``CSVError/Code/constraint``, of a missing column
/// ``CSVError/Code/unknownColumn``.
public struct CSVDecoder: Sendable {
    /// What is a record.
    public var dialect: Dialect
    /// The encoding of the text.
    public var encoding: Encoding
    /// Texts that stand for no value, in all columns; nil for the default rule, or that of the schema. If the dialect has an
    /// escape character, they are compared with unquoted values as those stand in the input, such as `\N`.
    public var nullTexts: [String]?
    /// What separates the names of nested values: with `.` the column `a.b` is the value `b` in `a`. Empty for no nesting.
    public var nestingSeparator = "."
    /// What to do with records that break a rule of the dialect. A value that can't be decoded is always an error.
    public var invalidRecords = InvalidRecords.fail
    /// What types, names and missing values the columns have.
    private let schema: Schema?

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - dialect: What is a record.
    ///   - encoding: The encoding of the text.
    public init(dialect: Dialect = .rfc4180, encoding: Encoding = .utf8) {
        (self.dialect, self.encoding, schema) = (dialect, encoding, nil)
    }

    /// Creates a decoder of inputs that a schema describes: its dialect and encoding, and its columns.
    ///
    /// The header is compared with the schema before the first record. A value that is decoded is read as its column's type says,
    /// so `1.234,50` can be a `Double`, and dates become ISO 8601, before they are decoded; its constraints are checked. Columns
    /// have the names that the schema gives them. Lists, arrays and objects are decoded as arrays, dictionaries and types of your
    /// own, or as strings of their JSON.
    ///
    /// - Parameters:
    ///   - schema: The schema.
    ///   - dialect: What is a record, where the schema does not state it.
    public init(schema: Schema, dialect: Dialect = .rfc4180) {
        self.dialect = schema.dialect(over: dialect)
        encoding = schema.encoding ?? .utf8
        self.schema = schema
    }

    /// Decodes all records of an input in memory.
    ///
    /// - Throws: ``SluiceError``, or what a type throws that decodes itself.
    /// - Complexity: O(*n*) in the input's size.
    public func decode<Row: Decodable>(_: [Row].Type, from bytes: some ByteChunk) throws -> [Row] {
        try rows(of: Row.self, from: bytes).all()
    }

    /// Decodes all records of the file at a path, or of standard input as `-`.
    ///
    /// - Throws: ``SluiceError``, or what a type throws that decodes itself.
    /// - Complexity: O(*n*) in the file's size.
    public func decode<Row: Decodable>(_: [Row].Type, file path: String) throws -> [Row] {
        try rows(of: Row.self, file: path).all()
    }

    /// Returns the records of an input in memory, which are decoded one by one when they are asked for.
    ///
    /// - Throws: ``SluiceError`` if the decoder's settings are invalid.
    public func rows<Row: Decodable>(
        of _: Row.Type,
        from bytes: some ByteChunk
    ) throws(SluiceError) -> DecodedRows<Row> {
        let settings = try settings
        let source = try settings.opened(ChunkSource(bytes))
        return DecodedRows(try CSVReader(settings, .stream(source)), RowDecoder(converter.shape))
    }

    /// Returns the records of the file at a path, or of standard input as `-`, which are decoded one by one when they are asked
    /// for.
    ///
    /// - Throws: ``SluiceError`` if the decoder's settings are invalid or the file can't be read.
    public func rows<Row: Decodable>(of _: Row.Type, file path: String) throws(SluiceError) -> DecodedRows<Row> {
        DecodedRows(try CSVReader(try settings, file: path), RowDecoder(converter.shape))
    }

    /// Returns the records of a stream of chunks, which are decoded as they arrive; see ``CSVRecords``.
    ///
    /// If the decoder's settings are invalid, the iteration throws.
    public func rows<Row: Decodable, Chunks: AsyncSequence>(
        of _: Row.Type,
        from chunks: Chunks
    ) -> AsyncDecodedRows<Row, Chunks> where Chunks.Element: ByteChunk {
        AsyncDecodedRows(chunks, readerSettings, converter)
    }

    /// The decoder as a conversion, which resolves what it has in common with rows of JSON.
    private var converter: CSVConverter {
        var converter = CSVConverter()
        if let schema { converter.apply(schema) }
        (converter.dialect, converter.encoding) = (dialect, encoding)
        if let nullTexts { converter.shape.nullTexts = nullTexts.map { Array($0.utf8) } }
        if converter.usedDialect.header != .none { converter.shape.nestSeparator = Array(nestingSeparator.utf8) }
        return converter
    }

    private var readerSettings: ReaderSettings {
        ReaderSettings(dialect: converter.usedDialect, encoding: encoding, invalidRecords: invalidRecords)
    }

    private var settings: ReaderSettings {
        get throws(SluiceError) {
            try converter.check()
            return readerSettings
        }
    }
}

/// The records of an input, decoded one by one.
///
/// It is a place in an input, like a ``CSVReader``. Use it from one task at a time.
public final class DecodedRows<Row: Decodable> {
    private let reader: CSVReader
    @usableFromInline let rows: RowDecoder

    init(_ reader: CSVReader, _ rows: RowDecoder) { (self.reader, self.rows) = (reader, rows) }

    /// Returns the next record, or nil after the last.
    ///
    /// After an error in a value, the next call returns the record after it. Any other error, such as that of a record that breaks
    /// a rule of the dialect, ends the reading: each further call throws it again.
    ///
    /// - Throws: ``SluiceError``, or what a type throws that decodes itself.
    @inlinable public func next() throws -> Row? {
        guard try begin() else { return nil }
        defer { rows.end() }
        do { return try Row(from: rows.decoder) } catch { throw rows.thrown(error) }
    }

    /// Begins with the next record. Returns false if there is none.
    @usableFromInline
    func begin() throws(SluiceError) -> Bool {
        if rows.begin() { return true }
        guard let run = try reader.nextRun() else { return false }
        try rows.take(run, header: reader.headerPlace)
        return rows.begin()
    }

    /// Returns all records that are left.
    func all() throws -> [Row] {
        var rows: [Row] = []
        while let row = try next() { rows.append(row) }
        return rows
    }

    /// The number of records that were left out so far because they break a rule of the dialect.
    public var rejectedCount: Int { reader.rejectedCount }

    /// Returns the records that were left out since the last call, if ``InvalidRecords/collect`` is used.
    public func takeRejectedRecords() -> [RejectedRecord] { reader.takeRejectedRecords() }
}

/// The records of a stream of chunks, decoded as they arrive. Each iteration reads the chunks anew.
public struct AsyncDecodedRows<Row: Decodable, Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    /// The element type.
    public typealias Element = Row

    private let records: CSVRecords<Chunks>
    private let converter: CSVConverter

    init(_ chunks: Chunks, _ settings: ReaderSettings, _ converter: CSVConverter) {
        records = CSVRecords(chunks, settings)
        self.converter = converter
    }

    /// Creates an iterator, which reads the stream.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(
            records: records.makeAsyncIterator(),
            rows: RowDecoder(converter.shape),
            fault: converter.fault
        )
    }

    /// Returns one decoded record after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var records: CSVRecords<Chunks>.AsyncIterator
        let rows: RowDecoder
        let fault: String?

        /// Returns the next record, or nil after the last. After an error in a value, the next call returns the record after it;
        /// any other error is thrown again by each further call.
        public mutating func next() async throws -> Row? {
            if let fault { throw SluiceError.misuse(fault) }
            if !rows.begin() {
                guard let run = try await records.nextRun() else { return nil }
                try rows.take(run, header: records.headerPlace)
                guard rows.begin() else { return nil }
            }
            defer { rows.end() }
            do { return try Row(from: rows.decoder) } catch { throw rows.thrown(error) }
        }
    }
}

extension AsyncDecodedRows: Sendable where Chunks: Sendable {}
