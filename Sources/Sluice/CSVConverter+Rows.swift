public import SluiceEngine

/// Rows of JSON from files, bytes and streams.
extension CSVConverter {
    /// Converts bytes in memory, and returns the rows: a line for each, or one array, as ``format`` says.
    ///
    ///     try CSVConverter().convert(Array("a,b\n1,2\n".utf8))    // {"a":"1","b":"2"} and a line end
    ///
    /// - Parameter bytes: The input, all of it. Gzip and zstd are recognized by the first bytes and decompressed.
    /// - Throws: ``SluiceError``, without any rows, if the input is invalid.
    /// - Complexity: O(*n*) in the sizes of the input and of the rows.
    public func convert(_ bytes: some ByteChunk) throws(SluiceError) -> [UInt8] {
        var sink = ArraySink()
        do throws(ConversionError<Never>) { try convert(bytes, to: &sink) } catch { throw error.cause }
        return sink.bytes
    }

    /// Converts bytes in memory to rows, and writes them to a sink.
    ///
    /// - Returns: The number of rows.
    /// - Throws: ``ConversionError``. If the input is invalid, the rows before the invalid record were written.
    @discardableResult
    public func convert<Sink: ByteSink>(
        _ bytes: some ByteChunk,
        to sink: inout Sink
    ) throws(ConversionError<Sink.Failure>) -> UInt64 {
        try convert(to: &sink) { () throws(SluiceError) in (try content(of: bytes), SourceName("")) }
    }

    /// Converts the file at a path, or standard input as `-`, to rows, and writes them to a sink.
    ///
    /// - Parameters:
    ///   - path: Regular files are mapped. Gzip and zstd are recognized by the first bytes and decompressed.
    ///   - sink: Takes the rows of many records per call.
    /// - Returns: The number of rows.
    /// - Throws: ``ConversionError``. If the input is invalid, the rows before the invalid record were written.
    @discardableResult
    public func convert<Sink: ByteSink>(
        file path: String,
        to sink: inout Sink
    ) throws(ConversionError<Sink.Failure>) -> UInt64 {
        try convert(to: &sink) { () throws(SluiceError) in
            let input = try open(path)
            return (try input.content(of: self), input.source)
        }
    }

    /// Does the same with a sink whose errors are of the same type as those of the conversion.
    ///
    /// - Throws: ``SluiceError``; if the sink fails after another error, ``SluiceError/undelivered(cause:loss:)``.
    @discardableResult
    public func convert(file path: String, to sink: inout some ByteSink<SluiceError>) throws(SluiceError) -> UInt64 {
        try convert(to: &sink) { () throws(SluiceError) in
            let input = try open(path)
            return (try input.content(of: self), input.source)
        }
    }

    /// Converts the file at a path, or standard input as `-`, and passes the rows to a closure, those of many records per call.
    ///
    ///     try CSVConverter().convert(file: "orders.csv") { (rows) throws(Disconnected) in try connection.send(rows) }
    ///
    /// - Returns: The number of rows.
    /// - Throws: ``ConversionError``, which holds the closure's own error. With a closure that throws nothing, it is ``SluiceError``.
    @discardableResult
    public func convert<Failure: Error>(
        file path: String,
        _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(ConversionError<Failure>) -> UInt64 {
        try passing(path, write)
    }

    /// Converts the file at a path, or standard input as `-`, and passes the rows to a closure that throws nothing.
    ///
    ///     try CSVConverter().convert(file: "orders.csv") { rows in size += rows.count }
    ///
    /// - Returns: The number of rows.
    /// - Throws: ``SluiceError``. If the input is invalid, the rows before the invalid record were passed on.
    @discardableResult
    public func convert(file path: String, _ write: (UnsafeRawBufferPointer) -> Void) throws(SluiceError) -> UInt64 {
        do throws(ConversionError<Never>) { return try passing(path, write) } catch { throw error.cause }
    }

    private func passing<Failure: Error>(
        _ path: String,
        _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(ConversionError<Failure>) -> UInt64 {
        try withoutActuallyEscaping(write) { (write) throws(ConversionError<Failure>) in
            var sink = ClosureSink(body: write)
            return try convert(file: path, to: &sink)
        }
    }

    /// Converts the file at a path, or standard input as `-`, to a file, which appears under its name only once it is complete.
    ///
    /// - Parameters:
    ///   - path: The input.
    ///   - output: The path of the rows' file.
    ///   - replacesFile: Whether the file may exist; then it is replaced.
    /// - Returns: The number of rows.
    /// - Throws: ``SluiceError``; ``SluiceError/output(_:)`` if the file exists and may not be replaced. Then there is no new file,
    ///   and an old one is as it was.
    @discardableResult
    public func convert(
        file path: String,
        toFile output: String,
        replacesFile: Bool = false
    ) throws(SluiceError) -> UInt64 {
        let file = try AtomicFile(output, besides: nil)
        var sink = file.sink
        let rows = try convert(file: path, to: &sink)
        try file.commit(replaces: replacesFile)
        return rows
    }

    /// Runs a conversion with a sink that has errors of its own.
    private func convert<Sink: ByteSink>(
        to sink: inout Sink,
        _ open: () throws(SluiceError) -> (content: OpenedInput.Content, source: SourceName)
    ) throws(ConversionError<Sink.Failure>) -> UInt64 {
        var guarded = GuardedSink(sink: sink)
        defer { sink = guarded.sink }
        do throws(SluiceError) { return try convert(to: &guarded, open) } catch {
            throw ConversionError(error, guarded.failure)
        }
    }
}
