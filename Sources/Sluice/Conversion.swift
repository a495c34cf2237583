public import SluiceCSV
import SluiceJSON

/// From CSV to JSON rows: what to read, how, and with how many threads.
///
///     var sink = Collected()  // your ByteSink
///     let rows = try Conversion(dialect: .rfc4180).convert(file: "orders.csv", to: &sink)
///
/// Time is proportional to the input. Memory is `threads` × about 1 MiB and the longest record, whatever the input's size.
public struct Conversion: Sendable {
    /// What the input's bytes mean.
    public var dialect: Dialect
    /// The encoding of the input's text.
    public var encoding: Encoding
    /// How rows are written.
    public var format: RowFormat
    /// Threads to use for a file that can be mapped; a stream is read by one.
    public var threads: Int
    /// The byte kernels to use.
    public var kernel: Kernel
    /// What is told how far the conversion has come.
    package var meter: Meter?
    /// What the input's rows are of a longer output.
    package var part = OutputPart()
    /// Bytes of input a thread takes at a time.
    package var unitSize = 1 << 18
    /// Bytes of rows a thread collects before it writes them.
    package var bufferSize = 1 << 18

    /// Makes a conversion; what is not named has the usual value.
    public init(
        dialect: Dialect = .rfc4180,
        encoding: Encoding = .utf8,
        format: RowFormat = .ndjson,
        threads: Int = 1,
        kernel: Kernel = .best
    ) {
        self.dialect = dialect
        self.encoding = encoding
        self.format = format
        self.threads = threads
        self.kernel = kernel
    }

    /// Converts the file at a path, or standard input as `-`, and returns the number of rows.
    ///
    /// What starts as a gzip or zstd file is decompressed. Rows before a fault have been written when the error is thrown.
    @discardableResult
    public func convert(file path: String, to sink: inout some ByteSink) throws(SluiceError) -> UInt64 {
        switch try InputFile(path).content(encoding: encoding) {
        case .mapped(let file): return try convert(file, to: &sink)
        case .stream(var source): return try convert(&source, to: &sink)
        }
    }

    /// Converts a stream of UTF-8 in constant memory, and returns the number of rows.
    @discardableResult
    package func convert<Sink: ByteSink>(
        _ source: inout some ByteSource,
        to sink: inout Sink
    ) throws(SluiceError) -> UInt64 {
        var stream = StreamWindow()
        let pump = RowPump(recipe, window: stream.window)
        var run = SequentialRun(
            pump,
            consumer: RowWriter(sink, format: format, part: part),
            segmentSize: .max,
            meter: meter
        )
        var dropped = 0
        do throws(SluiceError) {
            repeat {
                stream.drop(dropped)
                try stream.fill(from: &source)
                run.slide(to: stream.window, dropped: dropped)
                let progress = try run.advance()
                if progress == .done { break }
                if stream.isDamaged { try run.abort(.badCompression) }
                dropped = run.pump.tokenizer.position
            } while true
        } catch {
            sink = run.consumer.sink
            throw error
        }
        sink = run.consumer.sink
        return run.consumer.rows
    }

    /// Converts a mapped file, and returns the number of rows.
    @discardableResult
    package func convert<Sink: ByteSink>(_ file: MappedFile, to sink: inout Sink) throws(SluiceError) -> UInt64 {
        let writer = RowWriter(IntactFileSink(file: file, sink: sink), format: format, part: part)
        let (end, error) = threads > 1 ? runInParallel(file, writer) : runInOrder(file, writer)
        sink = end.sink.sink
        try end.sink.check()
        if let error { throw error }
        return end.rows
    }

    private func runInOrder<Consumer: RowConsumer>(
        _ file: MappedFile,
        _ consumer: Consumer
    ) -> (consumer: Consumer, error: SluiceError?) {
        var run = SequentialRun(
            RowPump(recipe, window: file.window),
            consumer: consumer,
            segmentSize: .max,
            meter: meter
        )
        do throws(SluiceError) {
            _ = try run.advance()
            return (run.consumer, nil)
        } catch {
            return (run.consumer, error)
        }
    }

    private func runInParallel<Consumer: RowConsumer>(
        _ file: MappedFile,
        _ consumer: Consumer
    ) -> (consumer: Consumer, error: SluiceError?) {
        // The header is read first, so that all threads can be given its keys; without one there is nothing to share.
        var pump = RowPump(recipe, window: file.window)
        guard case .end = pump.readHeader(), let keys = pump.keys else { return runInOrder(file, consumer) }
        let run = ParallelRun(
            file,
            recipe: recipe,
            keys: keys,
            position: pump.tokenizer.position,
            number: pump.tokenizer.tile.number,
            consumer: consumer,
            unitSize: unitSize,
            segmentSize: .max,
            meter: meter
        )
        return run.run(threads: threads)
    }

    private var recipe: RowPump.Recipe {
        RowPump.Recipe(
            dialect: dialect,
            kernel: kernel,
            separator: UInt8(ascii: format == .ndjson ? "\n" : ","),
            needsMarks: false,
            bufferSize: bufferSize
        )
    }
}
