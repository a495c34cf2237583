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

    /// Converts an input, all of it or from a resume point on. Returns the output, and why the conversion ended early.
    ///
    /// With a resume point, a stream holds the input from there on; a mapped file holds all of it.
    func run<Out: Output>(
        _ content: OpenedInput.Content,
        _ output: Out,
        from resume: ResumePoint? = nil
    ) -> (output: Out, error: SluiceError?) {
        switch content {
        case .mapped(let file): run(file, output, from: resume)
        case .stream(var source): run(&source, output, from: resume)
        }
    }

    /// Converts a stream in constant memory: no more of it than a conversion needs to advance is read at a time.
    private func run<Out: Output>(
        _ source: inout some ByteSource,
        _ output: Out,
        from resume: ResumePoint?
    ) -> (output: Out, error: SluiceError?) {
        var stream = window(form: source.form, from: resume)
        var converter = converter(on: stream.window, output, from: resume)
        do throws(SluiceError) {
            repeat { try stream.fill(from: &source) } while try converter.advance(in: &stream) == .more
            return (converter.output, nil)
        } catch {
            return (converter.output, error)
        }
    }

    /// Converts a mapped file, by several threads if there are some and enough of it.
    private func run<Out: Output>(
        _ file: MappedFile,
        _ output: Out,
        from resume: ResumePoint?
    ) -> (output: Out, error: SluiceError?) {
        if threads > 1, file.count > chunkSize, options.isWhole, let result = runInParallel(file, output, from: resume)
        {
            return result
        }
        var converter = converter(on: file.window, output, from: resume, file: file)
        do throws(SluiceError) {
            _ = try converter.advance()
            return (converter.output, nil)
        } catch {
            return (converter.output, error)
        }
    }

    /// Returns an empty window of a stream that holds the input, or with a resume point the input from there on.
    func window(form: TextForm, from resume: ResumePoint?) -> StreamWindow {
        StreamWindow(options.dialect, options.kernel, from: resume?.position ?? .start, form: form)
    }

    /// Returns a converter of the input, or with a resume point of the input from there on.
    func converter<Out: Output>(
        on window: Window,
        _ output: Out,
        from resume: ResumePoint?,
        file: MappedFile? = nil
    ) -> Converter<Out> {
        let reader = reader(on: window, from: resume)
        return Converter(reader, output: output, segmentSize: segmentSize, meter: options.meter, file: file)
    }

    /// Returns a reader at the start of the input, or at the resume point, which the window must hold.
    func reader(on window: Window, from resume: ResumePoint?) -> RowReader {
        var reader = RowReader(options, window: window, texts: resume?.texts)
        if let start = resume?.position {
            reader.seek(to: Int(start.offset - window.offset), number: start.number)
            reader.know(start.line, of: start.offset)
        }
        return reader
    }

    /// Converts a mapped file by several threads. Returns nil, having done nothing, if they have no texts to share: the input
    /// has no header, or an invalid one, or one that goes beyond its segment. A converter ends that segment, or reports the
    /// error.
    private func runInParallel<Out: Output>(
        _ file: MappedFile,
        _ output: Out,
        from resume: ResumePoint?
    ) -> (output: Out, error: SluiceError?)? {
        var reader = reader(on: file.window, from: resume)
        let segmentEnd = (reader.tokenizer.position / segmentSize + 1) * segmentSize
        try? reader.takeHeader(limit: segmentEnd)
        let position = reader.tokenizer.position
        guard let texts = reader.texts, position < segmentEnd else { return nil }
        var lines = LineFinder(options.dialect, options.kernel, window: file.window)
        let start = lines.position(of: UInt64(position), number: reader.tokenizer.index.number)
        var output = output
        let repairs = reader.takeRepairs(&lines)
        if !repairs.isEmpty { output.note(repairs) }
        var driver = self
        driver.chunkSize = chunkSize(for: file, from: position, emptyRow: texts.emptyRowLength)
        return ParallelRun(file, driver, texts: texts, from: start, output: output).run()
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
