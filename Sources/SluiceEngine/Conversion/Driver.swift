import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Converts whole inputs: streams in order, mapped files also by several threads. The output gets the same rows either way.
struct Driver {
    var options: RowReader.Options
    var threads: Int
    /// Bytes of input that a thread converts at a time. Divides the segment size.
    var chunkSize: Int
    var segmentSize: Int
    var meter: Meter?

    /// Converts a stream in constant memory. Returns the output, and why the conversion ended early.
    ///
    /// With a resume point, the stream holds the input from there on.
    func run<Out: Output>(
        _ source: inout some ByteSource,
        _ output: Out,
        from resume: ResumePoint? = nil
    ) -> (output: Out, error: SluiceError?) {
        var converter = StreamConverter(self, output, form: source.form, from: resume)
        do throws(SluiceError) {
            while try converter.advance(from: &source) == .more {}
            return (converter.output, nil)
        } catch {
            return (converter.output, error)
        }
    }

    /// Converts a mapped file, all of it or from a resume point on.
    func run<Out: Output>(
        _ file: MappedFile,
        _ output: Out,
        from resume: ResumePoint? = nil
    ) -> (output: Out, error: SluiceError?) {
        var converter = Converter(
            reader(on: file.window, from: resume),
            output: output,
            segmentSize: segmentSize,
            meter: meter
        )
        do throws(SluiceError) {
            // Read the header first, so that all threads get its keys. Without a header there is nothing to share.
            if threads > 1, file.count > chunkSize, let keys = try keys(from: resume, &converter) {
                return runInParallel(file, keys, from: converter.position(), converter.output)
            }
            _ = try converter.advance()
            return (converter.output, nil)
        } catch {
            return (converter.output, error)
        }
    }

    /// Returns a reader at the start of the input, or at the resume point, which the window must hold.
    func reader(on window: Window, from resume: ResumePoint?) -> RowReader {
        var reader = RowReader(options, window: window, keys: resume?.keys)
        if let start = resume?.position { reader.seek(to: Int(start.offset - window.offset), number: start.number) }
        return reader
    }

    private func keys<Out: Output>(
        from resume: ResumePoint?,
        _ converter: inout Converter<Out>
    ) throws(SluiceError) -> KeyTable? {
        if let keys = resume?.keys { return keys }
        return try converter.readHeader()
    }

    private func runInParallel<Out: Output>(
        _ file: MappedFile,
        _ keys: KeyTable,
        from start: RecordPosition,
        _ output: Out
    ) -> (output: Out, error: SluiceError?) {
        var driver = self
        driver.chunkSize = chunkSize(for: file, from: Int(start.offset), emptyRow: keys.emptyRowLength)
        return ParallelRun(file, driver, keys: keys, from: start, output: output).run()
    }

    /// Returns a chunk size whose rows are likely to fit a buffer. A chunk whose rows do not fit waits for its turn, and
    /// all chunks after it wait with it. So chunks are smaller where keys are much longer than values:
    ///
    ///     records of 20 bytes, 400 bytes of keys    a row is 21 times its record    64 KiB for a buffer of 2 MiB
    private func chunkSize(for file: MappedFile, from position: Int, emptyRow: Int) -> Int {
        // Chunks that are whole segments stay so.
        guard chunkSize < segmentSize else { return chunkSize }
        let count = min(file.count - position, Self.sampleSize)
        let bytes = file.bytes[position..<position + count]
        let sample = Boundary(bytes, next: nil, dialect: options.dialect, kernel: options.kernel)
        let record = max(1, count / max(1, sample.outside.count))
        var size = chunkSize
        while size > Self.smallestChunk, size / record * (record + emptyRow) > options.bufferSize * 3 / 4 { size /= 2 }
        return size
    }

    private static var sampleSize: Int { 1 << 16 }
    private static var smallestChunk: Int { 1 << 14 }
}
