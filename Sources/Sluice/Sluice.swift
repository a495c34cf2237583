public import SluiceCSV
import SluiceJSON

/// From CSV to JSON rows: what to read, how, and with how many threads.
///
///     var sink = Collected()  // your ByteSink
///     let rows = try Sluice(dialect: .rfc4180).convert(file: "orders.csv", to: &sink)
///
/// Time is proportional to the input. Memory is `threads` × at most 6 MiB and the longest record, whatever the input's size.
public struct Sluice: Sendable {
    /// What the input's bytes mean.
    public var dialect: Dialect
    /// The encoding of the input's text.
    public var encoding: Encoding
    /// How rows are written.
    public var format: RowFormat
    /// What messages may hold and how their bodies are written.
    public var messageFormat: MessageFormat
    /// Threads to use for a file that can be mapped; a stream is read by one.
    public var threads: Int
    /// The byte kernels to use.
    public var kernel: Kernel
    /// The most memory, in bytes, that a zstd frame of the input may ask for; of other than powers of two the next lower one
    /// counts.
    public var maxWindow = usualMaxWindow
    /// 128 MiB, which all usual levels of zstd keep to.
    public static let usualMaxWindow = 1 << 27
    /// What is told how far the conversion has come.
    package var meter: Meter?
    /// Opens inputs that are no files.
    package var remoteInputs: (any RemoteInputProvider)?
    /// What the inputs of a longer output must have in common; nil: nothing.
    package var headers: HeaderAgreement?
    /// What the input's rows are of a longer output.
    package var part = OutputPart()
    /// Bytes of input a thread takes at a time.
    package var chunkSize = 1 << 18
    /// Bytes of rows a thread collects before it writes them.
    package var bufferSize = 1 << 21

    /// Makes a conversion; what is not named has the usual value.
    public init(
        dialect: Dialect = .rfc4180,
        encoding: Encoding = .utf8,
        format: RowFormat = .ndjson,
        limits messageFormat: MessageFormat = .sqs,
        threads: Int = 1,
        kernel: Kernel = .best
    ) {
        self.dialect = dialect
        self.encoding = encoding
        self.format = format
        self.messageFormat = messageFormat
        self.threads = threads
        self.kernel = kernel
    }

    /// Why nothing can be converted like this, or nil if it can. Every conversion asks, and throws ``SluiceError/misuse(_:)``.
    public var fault: String? {
        if threads < 1 { return "a conversion takes at least one thread, not \(threads)" }
        if maxWindow < 1 { return "a zstd window has at least one byte, not \(maxWindow)" }
        return dialect.fault ?? messageFormat.fault
    }

    func check() throws(SluiceError) {
        if let fault { throw .misuse(fault) }
    }

    /// Converts the file at a path, or standard input as `-`, and returns the number of rows.
    ///
    /// What starts as a gzip or zstd file is decompressed. Rows before a fault have been written when the error is thrown.
    @discardableResult
    public func convert(file path: String, to sink: inout some ByteSink) throws(SluiceError) -> UInt64 {
        try writing(to: &sink) { (sink) throws(SluiceError) in
            switch try open(path).content(of: self) {
            case .mapped(let file): try write(file, to: &sink)
            case .stream(var source): try write(&source, to: &sink)
            }
        }
    }

    /// Converts a stream of UTF-8 in constant memory, and returns the number of rows.
    @discardableResult
    package func convert<Sink: ByteSink>(
        _ source: inout some ByteSource,
        to sink: inout Sink
    ) throws(SluiceError) -> UInt64 {
        try writing(to: &sink) { (sink) throws(SluiceError) in try write(&source, to: &sink) }
    }

    /// Converts a mapped file, and returns the number of rows.
    @discardableResult
    package func convert(_ file: MappedFile, to sink: inout some ByteSink) throws(SluiceError) -> UInt64 {
        try writing(to: &sink) { (sink) throws(SluiceError) in try write(file, to: &sink) }
    }

    /// Ends the output after the last of the inputs that make it, or after the one that made the run fail.
    private func writing<Sink: ByteSink>(
        to sink: inout Sink,
        after work: (inout Sink) throws(SluiceError) -> UInt64
    ) throws(SluiceError) -> UInt64 {
        try ending(
            &sink,
            isLast: part.isLast,
            by: { (sink) throws(SluiceError) in try sink.finish() },
            after: { (sink) throws(SluiceError) in
                try check()
                return try work(&sink)
            }
        )
    }

    private func write<Sink: ByteSink>(
        _ source: inout some ByteSource,
        to sink: inout Sink
    ) throws(SluiceError) -> UInt64 {
        let writer = writer(to: sink, from: ChangeableInput(source.file))
        let (end, error) = driver.run(&source, writer)
        return try finish(end, error, &sink)
    }

    private func write<Sink: ByteSink>(_ file: MappedFile, to sink: inout Sink) throws(SluiceError) -> UInt64 {
        let (end, error) = driver.run(file, writer(to: sink, from: .mapped(file)))
        return try finish(end, error, &sink)
    }

    private func writer<Sink: ByteSink>(
        to sink: Sink,
        from input: ChangeableInput
    ) -> RowWriter<TruncationCheck<Sink>> {
        RowWriter(TruncationCheck(input: input, sink: sink), format: format, part: part, meter: meter)
    }

    private func finish<Sink: ByteSink>(
        _ end: RowWriter<TruncationCheck<Sink>>,
        _ error: SluiceError?,
        _ sink: inout Sink
    ) throws(SluiceError) -> UInt64 {
        sink = end.sink.sink
        try end.sink.checkUnchanged()
        if let error { throw error }
        return end.rows
    }

    var driver: Driver {
        let options = RowReader.Options(
            dialect: dialect,
            kernel: kernel,
            separator: UInt8(ascii: format == .ndjson ? "\n" : ","),
            needsMarks: false,
            bufferSize: bufferSize,
            headers: headers,
            hints: meter?.hints
        )
        return Driver(options: options, threads: threads, chunkSize: chunkSize, segmentSize: 1 << 62, meter: meter)
    }
}
