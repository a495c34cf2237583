public import SluiceCSV
import SluiceJSON

/// A conversion from CSV to JSON rows: its dialect, formats and number of threads.
///
///     let rows = try CSVConverter(dialect: .rfc4180).convert(bytes)
///
/// Time is proportional to the input. Memory is at most 6 MiB per thread plus the longest record, whatever the input's
/// size.
public struct CSVConverter: Sendable {
    /// What the input's bytes mean.
    public var dialect: Dialect
    /// The encoding of the input's text.
    public var encoding: Encoding
    /// How rows are written.
    public var format: RowFormat
    /// What messages may hold, and how their bodies are written.
    public var messageFormat: MessageFormat
    /// What rows are made of.
    package var shape = RowShape()
    /// How many rows after the header are left out, and the most rows that follow: for rows only, not for messages. Then the
    /// rest of an input is not read, and what is read is read by one thread.
    package var skippedRows = 0
    package var mostRows = Int.max
    /// How records that break a rule are put aside; nil if the first of them ends the run.
    package var rejects: RejectRules?
    /// Gets a line for each of them. Without it, messages hold those lines.
    package var rejectLog: (any RejectLog)?
    /// The number of threads for a file that can be mapped. A stream is converted by one.
    public var threads: Int
    /// The byte kernels to use.
    public var kernel: Kernel
    /// The most memory, in bytes, that a zstd frame of the input may ask for. Rounded down to a power of two.
    public var maxWindow = usualMaxWindow
    /// 128 MiB, enough for all of zstd's usual levels.
    public static let usualMaxWindow = 1 << 27
    /// Counts how far the conversion has come.
    package var meter: Meter?
    /// Opens inputs that are not files.
    package var remoteInputs: (any RemoteInputProvider)?
    /// The header that the inputs of one output must share, or nil if headers may differ.
    package var headers: HeaderAgreement?
    /// Whether a conversion to rows only checks and counts them. What it writes means nothing.
    package var countsOnly = false
    /// Whether messages' bodies are made as the inside of JSON strings, for sinks that write them there.
    package var needsEscapedBodies = false
    /// The input's place in an output that several inputs make together.
    package var part = OutputPart()
    /// Bytes of input that a thread converts at a time.
    package var chunkSize = 1 << 18
    /// Bytes of input that are described at a time. Which values are frequent depends on it.
    package var describedBlock = 1 << 22
    /// Bytes of rows that a thread collects before it writes them.
    package var bufferSize = 1 << 21

    /// Creates a conversion. Parameters that are left out have their defaults.
    public init(
        dialect: Dialect = .rfc4180,
        encoding: Encoding = .utf8,
        format: RowFormat = .ndjson,
        messageFormat: MessageFormat = .sqs,
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

    /// Why this configuration is invalid, or nil if it is valid. Every conversion checks it and throws
    /// ``SluiceError/misuse(_:)``.
    public var fault: String? {
        if threads < 1 { return "a conversion needs at least one thread, not \(threads)" }
        if maxWindow < 1 { return "a zstd window must have at least one byte, not \(maxWindow)" }
        return usedDialect.fault ?? messageFormat.fault ?? rowFault
    }

    package func check() throws(SluiceError) {
        if let fault { throw .misuse(fault) }
    }

    /// Converts an opened input to rows, and ends the output after its last input, or after the input that failed.
    ///
    /// - Parameter open: Opens the input. If it throws, the output is ended too.
    /// - Returns: The number of rows.
    package func convert<Sink: ByteSink>(
        to sink: inout Sink,
        _ open: () throws(SluiceError) -> OpenedInput.Content
    ) throws(SluiceError) -> UInt64 where Sink.Failure == SluiceError {
        try convert(to: &sink) { () throws(SluiceError) in (try open(), SourceName("")) }
    }

    /// Converts an opened input with its source, which rows can hold, in the same way.
    package func convert<Sink: ByteSink>(
        to sink: inout Sink,
        _ open: () throws(SluiceError) -> (content: OpenedInput.Content, source: SourceName)
    ) throws(SluiceError) -> UInt64 where Sink.Failure == SluiceError {
        try finishing(
            &sink,
            isLast: part.isLast,
            by: { (sink) throws(SluiceError) in try sink.finish() },
            after: { (sink) throws(SluiceError) in
                try check()
                let (content, source) = try open()
                let writer = RowWriter(
                    sink,
                    of: content.file,
                    format: format,
                    part: part,
                    rejects: RejectKeeper(self, source: source),
                    meter: meter
                )
                let (end, error) = driver(for: source).run(content, writer)
                sink = end.sink
                try content.finish(after: error)
                return end.rows
            }
        )
    }

    /// One thread needs no room for rows that wait for their turn. Fewer stay in the cache.
    var usedBufferSize: Int { threads == 1 ? min(bufferSize, 1 << 17) : bufferSize }

    func driver(for source: SourceName) -> Driver {
        let options = RowReader.Options(
            dialect: usedDialect,
            kernel: kernel,
            separator: UInt8(ascii: format == .ndjson ? "\n" : ","),
            needsMarks: false,
            countsOnly: countsOnly,
            putsAside: rejects != nil,
            bufferSize: usedBufferSize,
            shape: shape,
            facts: source.facts,
            skippedRows: skippedRows,
            mostRows: mostRows,
            headers: headers,
            meter: meter
        )
        // Rows have no segments. Where nothing fills a buffer, the end of one is when progress is told; and rejects are counted
        // at the ends of segments.
        let segmentSize = countsOnly || rejects != nil ? messageFormat.segmentSize : 1 << 62
        return Driver(options: options, threads: threads, chunkSize: chunkSize, segmentSize: segmentSize)
    }
}
