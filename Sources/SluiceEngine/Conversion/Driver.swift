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
        var stream = StreamWindow(options.dialect, options.kernel, form: source.form, from: resume)
        var converter = Converter(self, stream.window, output, from: resume)
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
        var converter = Converter(self, file.window, output, from: resume, file: file)
        do throws(SluiceError) {
            _ = try converter.advance()
            return (converter.output, nil)
        } catch {
            return (converter.output, error)
        }
    }

    /// Converts a mapped file by several threads. Returns nil, having done nothing, if they have no texts to share: the input
    /// has no header, or an invalid one, or one that goes beyond its segment. A converter ends that segment, or reports the
    /// error.
    private func runInParallel<Out: Output>(
        _ file: MappedFile,
        _ output: Out,
        from resume: ResumePoint?
    ) -> (output: Out, error: SluiceError?)? {
        var reader = RowReader(options, window: file.window, from: resume)
        let segmentEnd = (reader.tokenizer.position / segmentSize + 1) * segmentSize
        try? reader.takeHeader(limit: segmentEnd)
        let position = reader.tokenizer.position
        guard let texts = reader.texts, position < segmentEnd else { return nil }
        var lines = LineFinder(options.dialect, options.kernel, window: file.window)
        let first = lines.position(of: UInt64(position), number: reader.tokenizer.index.number)
        var output = output
        let repairs = reader.takeRepairs(&lines)
        if !repairs.isEmpty { output.note(repairs) }
        do throws(SluiceError) { try output.reject(reader.takeRejects(&lines), in: file.window) } catch {
            return (output, error)
        }
        var driver = self
        driver.chunkSize = chunkSize(for: file, from: position, emptyRow: texts.emptyRowLength)
        let start = ResumePoint(position: first, opening: reader.tokenizer.opening, texts: texts)
        options.meter?.addInput(bytes: first.offset, records: first.number - 1)
        return driver.runInParallel(file, output, after: start)
    }

    /// Converts the rest of a file. Threads begin again wherever they were misled: a quote where the dialect accepts none by
    /// itself changes the state of all chunks after it. If that happens often, stretches between are converted in order, ever
    /// longer ones, so that a file full of such quotes costs little more than with one thread.
    private func runInParallel<Out: Output>(
        _ file: MappedFile,
        _ output: Out,
        after start: ResumePoint
    ) -> (output: Out, error: SluiceError?) {
        var (output, start, stretch) = (output, start, UInt64(0))
        var pages = 0
        while true {
            // Runs and stretches that are short release none of what they read. An output may read its last bytes again.
            let end = Int(start.position.offset) - Self.keptPages
            if end > pages {
                file.release(pages..<end)
                pages = end
            }
            let run = ParallelRun(file, self, from: start, output: output).run()
            output = run.output
            switch run.end {
            case .failure(let error): return (output, error)
            case .success(.done): return (output, nil)
            case .success(.misled(let position)):
                let gained = position.offset - start.position.offset
                stretch = gained < UInt64(8 * threads * chunkSize) ? max(UInt64(chunkSize), 2 * stretch) : 0
                stretch = min(stretch, UInt64(1024 * chunkSize))
                start.position = position
            }
            if stretch == 0 { continue }
            // Where a chunk is a segment, the next run must start with one.
            let stop = (start.position.offset + stretch) / UInt64(chunkSize) * UInt64(chunkSize)
            var converter = Converter(self, file.window, output, from: start, to: stop, file: file)
            let step = Result { () throws(SluiceError) in try converter.advance() }
            output = converter.output
            switch step {
            case .failure(let error): return (output, error)
            case .success(.reached(let position)): start.position = position
            case .success: return (output, nil)
            }
        }
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
        let sample = Boundary(bytes, following: bytes[0..<0], dialect: options.dialect, kernel: options.kernel)
        let record = max(1, count / max(1, sample.path(from: .recordStart).count))
        var size = chunkSize
        while size > Self.smallestChunk, size / record * (record + emptyRow) > options.bufferSize * 3 / 4 { size /= 2 }
        return size
    }

    private static var keptPages: Int { 1 << 24 }
    private static var sampleSize: Int { 1 << 16 }
    private static var smallestChunk: Int { 1 << 14 }
}
