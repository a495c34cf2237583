import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Describes a whole input in one pass.
///
/// The input is cut at the multiples of the block size. A block's records are those that start in it. Each block has a
/// profile of its own, and the profiles are merged in order, so the description is the same with any number of threads and
/// of a stream.
struct DescriptionRun {
    let dialect: Dialect
    let kernel: Kernel
    let threads: Int
    let blockSize: Int
    let findings: DescriptionFindings

    init(_ converter: CSVConverter) {
        dialect = converter.dialect
        kernel = converter.kernel
        threads = converter.threads
        blockSize = converter.describedBlock
        findings = DescriptionFindings(meter: converter.meter)
    }

    func run(_ content: OpenedInput.Content) throws(SluiceError) {
        switch content {
        case .mapped(let file): try run(file)
        case .stream(var source): try run(&source)
        }
    }

    private func run(_ source: inout any ByteSource) throws(SluiceError) {
        let options = RowReader.Options(dialect: dialect, kernel: kernel, separator: 0, needsMarks: false)
        var stream = StreamWindow(options.dialect, options.kernel, form: source.form)
        var reader = DescriptionReader(dialect, kernel, window: stream.window)
        while true {
            try stream.fill(from: &source)
            reader.slide(to: stream.window, dropped: 0)
            let isDone = try advance(&reader)
            if let fault = stream.fault { throw .badData(fault) }
            if isDone { return }
            if stream.isDamaged { throw .badData(damage(&reader)) }
            let dropped = reader.tokenizer.position
            stream.drop(dropped)
            reader.slide(to: stream.window, dropped: dropped)
        }
    }

    private func damage(_ reader: inout DescriptionReader) -> CSVError {
        let (window, number) = (reader.tokenizer.window, reader.tokenizer.index.number)
        let end = window.offset + UInt64(window.count)
        return reader.lines.placed(CSVError(.badCompression, offset: end, record: number))
    }

    private func run(_ file: MappedFile) throws(SluiceError) {
        var reader = DescriptionReader(dialect, kernel, window: file.window)
        if threads > 1, file.count > blockSize {
            try check(reader.begin(), &reader)
            findings.header = reader.tokenizer.header
            if let described = ParallelDescription(self, file, &reader) { return try described.run() }
        }
        _ = try advance(&reader, in: file)
    }

    /// Reads what the window holds, block by block, and releases the pages of a file that were read. Returns whether the input
    /// ended.
    private func advance(_ reader: inout DescriptionReader, in file: MappedFile? = nil) throws(SluiceError) -> Bool {
        if !reader.tokenizer.opening.isDone {
            let need = reader.begin()
            try check(need, &reader)
            if case .input = need { return false }
            findings.header = reader.tokenizer.header
        }
        while true {
            let window = reader.tokenizer.window
            let offset = window.offset + UInt64(reader.tokenizer.position)
            let blockEnd = (offset / UInt64(blockSize) + 1) * UInt64(blockSize)
            let need = reader.run(limit: Int(blockEnd - window.offset))
            try check(need, &reader)
            if case .input = need { return false }
            try findings.merge(&reader)
            file?.releasePages(after: Int(offset)..<Int(blockEnd))
            if window.isLast, reader.tokenizer.position == window.count { return true }
        }
    }

    private func check(_ need: DescriptionReader.Need, _ reader: inout DescriptionReader) throws(SluiceError) {
        switch need {
        case .end, .input: return
        case .memory: throw .outOfMemory
        case .invalid(let error): throw .badData(reader.lines.placed(error))
        }
    }
}
