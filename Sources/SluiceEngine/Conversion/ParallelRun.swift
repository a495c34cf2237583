import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Converts a mapped file by several threads. The output gets the same rows as from a ``Converter``.
///
/// The file is cut into chunks. For each, a thread takes these steps:
///
///     compute the chunk's boundary        in parallel; it also brings the chunk into the cache
///     enter it in the reader's state      in order; nanoseconds
///     convert the chunk's records         in parallel, into a buffer or a fork of the output
///     deliver the rows to the output      in order, by whichever thread completes the next chunk
///
/// Each thread adds two buffers: one to fill, and one that it submitted. So memory is threads × a constant. A chunk that
/// overflows its buffer waits for its turn, and its rest is converted then.
///
/// The calling thread works too, and nothing waits for a thread that has not started. So if the system gives fewer threads
/// than were asked for, or no memory for what they work with, the others do their work.
///
/// Boundaries suppose that quotes stand only where they are always allowed. ``ChunkMerger`` checks that.
final class ParallelRun<Out: Output>: @unchecked Sendable {
    // Sendable because only the thread that delivers accesses `merger`; everything else is constant.

    private let file: MappedFile
    private let options: RowReader.Options
    private let start: ResumePoint
    private let chunks: ChunkQueue
    private let threads: Int
    /// The output as it was at the start, to fork from.
    private let template: Out
    private let rows: ReorderBuffer<ChunkRows<Out.Fork>>
    private let merger: ChunkMerger<Out>

    /// Starts at a record after the start of the input, all of which was read.
    init(_ file: MappedFile, _ driver: Driver, from start: ResumePoint, output: Out) {
        self.file = file
        self.start = start
        options = driver.options
        threads = min(max(1, driver.threads), 1024)
        template = output
        chunks = ChunkQueue(start: start.position, end: file.count, size: driver.chunkSize, threads: threads)
        rows = ReorderBuffer(capacity: 2 * threads)
        merger = ChunkMerger(file, driver, output: output, from: start)
    }

    /// Returns, when all threads are done, the output and how the run ended.
    func run() -> (output: Out, end: Result<RunEnd, SluiceError>) {
        var helpers: [SystemThread] = []
        // Reserve this thread's memory first, so that it can work even if no helper starts.
        var tools = Tools(self)
        let isReady = tools.reserve()
        while isReady, helpers.count < threads - 1, let helper = SystemThread.start({ self.help() }) {
            helpers.append(helper)
        }
        convertChunks(with: &tools)
        for helper in helpers { helper.join() }
        return merger.finish()
    }

    /// What a thread works with.
    private struct Tools: ~Copyable {
        var reader: RowReader
        var lines: LineFinder
        let rows: [ChunkRows<Out.Fork>]

        init(_ run: borrowing ParallelRun) {
            let options = run.options
            reader = RowReader(options, window: run.file.window, from: run.start)
            lines = LineFinder(options.dialect, options.kernel, window: run.file.window)
            rows = (0..<2).map { _ in ChunkRows(options.bufferSize, isMarked: options.needsMarks) }
        }

        /// Allocates the memory for usual records. Returns whether there is enough.
        mutating func reserve() -> Bool { reader.reserve() && rows.allSatisfy { $0.reserve() } }
    }

    private func help() {
        var tools = Tools(self)
        if tools.reserve() { convertChunks(with: &tools) }
    }

    private func convertChunks(with tools: inout Tools) {
        for item in tools.rows { rows.release(item) }
        while let item = rows.acquire() {
            guard let (number, range) = chunks.next() else { return rows.release(item) }
            item.range = range
            let boundary = file.boundary(of: range, dialect: options.dialect, kernel: options.kernel)
            let entry = chunks.enter(number, boundary)
            item.first = entry.firstRecord(in: boundary)
            item.lines = entry.line..<entry.line + UInt64(boundary.lineEnds)
            tools.lines.know(entry.line, of: UInt64(range.lowerBound))
            tools.reader.know(entry.line, of: UInt64(range.lowerBound))
            convert(number, item, with: &tools.reader, &tools.lines)
            file.releasePages(after: range)
        }
    }

    private func convert(
        _ number: Int,
        _ item: ChunkRows<Out.Fork>,
        with reader: inout RowReader,
        _ lines: inout LineFinder
    ) {
        item.fork = item.first.flatMap { template.fork(at: number == 0 ? nil : $0.offset) }
        item.convert(with: &reader, &lines)
        if case .room = item.need {
            rows.submitBlocking(item, number: number, deliver: deliver) { item in
                merger.deliver(item, with: &reader)
                if merger.isDone { chunks.close() }
            }
        } else {
            item.takeBuffer(of: &reader)
            rows.submit(item, number: number, deliver: deliver)
        }
    }

    private func deliver(_ item: ChunkRows<Out.Fork>) {
        merger.deliver(item)
        if merger.isDone { chunks.close() }
    }
}
