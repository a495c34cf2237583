import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Describes a mapped file by several threads, as a ``ParallelRun`` converts it: for each block, a thread computes its
/// boundary, enters it in the reader's state, in order, and reads its records. Whichever thread completes the next block
/// merges it.
///
/// Boundaries suppose that quotes stand only where they may. If the block before really ended elsewhere, after an invalid
/// record, the block is read again from the true position.
final class ParallelDescription: @unchecked Sendable {
    // Sendable because only the thread that merges accesses `findings` and `failure`; everything else is constant.

    private let file: MappedFile
    private let dialect: Dialect
    private let kernel: Kernel
    private let opening: Opening
    private let width: Int
    private let threads: Int
    private let queue: ChunkQueue
    private let blocks: ReorderBuffer<Block>
    private let findings: DescriptionFindings
    private var failure: SluiceError?

    /// A block that a thread described, until it is merged in its turn.
    private final class Block {
        var range = 0..<0
        var line: UInt64 = 1
        /// Its first record, if one starts in it.
        var first: RecordPosition?
        var profile = TableProfile()
        var faults = Faults()
        var need = DescriptionReader.Need.end
        var end: (offset: UInt64, number: UInt64) = (0, 1)
    }

    /// Starts after the start of the file, which the reader has read. Nil if it has no row.
    init?(_ run: DescriptionRun, _ file: MappedFile, _ reader: inout DescriptionReader) {
        guard reader.tokenizer.opening.isDone, let width = reader.tokenizer.header?.width else { return nil }
        self.file = file
        self.width = width
        dialect = run.dialect
        kernel = run.kernel
        opening = reader.tokenizer.opening
        findings = run.findings
        threads = min(run.threads, 1024)
        let start = reader.lines.position(
            of: UInt64(reader.tokenizer.position),
            number: reader.tokenizer.index.number
        )
        queue = ChunkQueue(start: start, end: file.count, size: run.blockSize, threads: threads)
        blocks = ReorderBuffer(capacity: 2 * threads)
        // Nothing is in the profile yet, but the header was read.
        var empty = TableProfile()
        try? findings.merge(&empty, reader.takeFaults(), end: (start.offset, start.number))
    }

    func run() throws(SluiceError) {
        var helpers: [SystemThread] = []
        while helpers.count < threads - 1, let helper = SystemThread.start({ self.work() }) { helpers.append(helper) }
        work()
        for helper in helpers { helper.join() }
        if let failure { throw failure }
        // Without memory for any block, none was taken.
        if findings.end.offset < UInt64(file.count), queue.next() != nil { throw .outOfMemory }
    }

    private func work() {
        var reader = DescriptionReader(dialect, kernel, window: file.window, opening: opening)
        let own = (0..<2).map { _ in Block() }
        guard own.allSatisfy({ $0.profile.reserve(width: width) }) else { return }
        for block in own { blocks.release(block) }
        while let block = blocks.acquire() {
            guard let (number, range) = queue.next() else { return blocks.release(block) }
            block.range = range
            let boundary = file.boundary(of: range, dialect: dialect, kernel: kernel)
            let entry = queue.enter(number, boundary)
            block.first = entry.firstRecord(in: boundary)
            block.line = entry.line
            if let first = block.first { read(block, from: (first.offset, first.number), &reader) }
            blocks.submit(block, number: number, deliver: merge)
            file.releasePages(after: range)
        }
    }

    private func read(_ block: Block, from start: (offset: UInt64, number: UInt64), _ reader: inout DescriptionReader) {
        reader.lines.know(block.line, of: UInt64(block.range.lowerBound))
        reader.seek(to: Int(start.offset), number: start.number)
        swap(&reader.profile, &block.profile)
        block.need = reader.run(limit: block.range.upperBound)
        swap(&reader.profile, &block.profile)
        block.faults = reader.takeFaults()
        if case .invalid(let error) = block.need { block.need = .invalid(reader.lines.placed(error)) }
        block.end = (UInt64(reader.tokenizer.position), reader.tokenizer.index.number)
    }

    private func merge(_ block: Block) {
        guard failure == nil else { return block.profile.reset() }
        let position = findings.end
        let isContinuous =
            block.first.map { $0.offset == position.offset && $0.number == position.number }
            ?? (position.offset >= UInt64(block.range.upperBound))
        if !isContinuous {
            block.profile.reset()
            block.first = nil
            if position.offset < UInt64(block.range.upperBound) {
                block.first = RecordPosition(offset: position.offset, number: position.number, line: 0)
                var reader = DescriptionReader(dialect, kernel, window: file.window, opening: opening)
                read(block, from: position, &reader)
            }
        }
        guard block.first != nil else { return }
        do throws(SluiceError) {
            try findings.merge(&block.profile, block.faults, end: block.end)
            switch block.need {
            case .end, .input: return
            case .memory: throw .outOfMemory
            case .invalid(let error): throw .badData(error)
            }
        } catch {
            failure = error
            queue.close()
        }
    }
}
