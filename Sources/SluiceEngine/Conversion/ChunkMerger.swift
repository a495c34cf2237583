import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Gives the output the rows of all chunks in order, and checks that each chunk began where the one before it ended.
///
/// A thread converts its chunk from a position that follows from boundaries, which suppose that quotes stand only where
/// RFC 4180 allows them. If the chunk before it really ended elsewhere (a quote in a plain field, which a lenient dialect
/// accepts or which is put aside), the chunk's rows are discarded, and the run ends at the true position.
///
/// Used by one thread at a time.
final class ChunkMerger<Out: Output> {
    private let file: MappedFile
    private let driver: Driver
    private var output: Out
    /// Where the next record starts, and its number.
    private var position: Int
    private var number: UInt64
    private var lines: LineFinder
    /// How the conversion ended, once no further chunk is to be delivered.
    private var result: Result<RunEnd, SluiceError>?

    init(_ file: MappedFile, _ driver: Driver, output: Out, from start: ResumePoint) {
        self.file = file
        self.driver = driver
        self.output = output
        position = Int(start.position.offset)
        number = start.position.number
        lines = LineFinder(driver.options.dialect, driver.options.kernel, window: file.window)
    }

    var isDone: Bool { result != nil }

    /// Delivers a chunk that is converted.
    func deliver(_ rows: ChunkRows<Out.Fork>) {
        deliver(rows) { () throws(SluiceError) in try output.write(rows.buffer, &lines, in: file.window) }
    }

    /// Delivers a chunk whose rows so far fill the reader's buffer, and converts the rest of it.
    func deliver(_ rows: ChunkRows<Out.Fork>, with reader: inout RowReader) {
        deliver(rows) { () throws(SluiceError) in
            while true {
                try output.write(reader.buffer, &lines, in: file.window)
                try output.reject(rows.takeRejects(), in: file.window)
                reader.clearBuffer()
                guard case .room = rows.need else { return }
                rows.resume(with: &reader, &lines)
            }
        }
    }

    private func deliver(_ rows: ChunkRows<Out.Fork>, _ writeRows: () throws(SluiceError) -> Void) {
        guard result == nil else { return }
        guard isContinuous(rows) else {
            result = .success(.misled(lines.position(of: UInt64(position), number: number)))
            return
        }
        guard rows.first != nil else { return }
        lines.know(rows.lines.lowerBound, of: UInt64(rows.range.lowerBound))
        do throws(SluiceError) {
            if let fork = rows.fork {
                rows.fork = nil
                try output.join(fork)
            }
            try writeRows()
            try endChunk(rows)
        } catch {
            result = .failure(error)
        }
    }

    /// Whether the chunk began where the one before it ended.
    private func isContinuous(_ rows: ChunkRows<Out.Fork>) -> Bool {
        guard let first = rows.first else { return position >= rows.range.upperBound }
        return position == Int(first.offset) && number == first.number
    }

    private func endChunk(_ rows: ChunkRows<Out.Fork>) throws(SluiceError) {
        driver.options.meter?.addInput(bytes: UInt64(rows.end.position - position), records: rows.end.number - number)
        (position, number) = rows.end
        if !rows.repairs.isEmpty { output.note(rows.repairs) }
        try output.reject(rows.takeRejects(), in: file.window)
        if case .invalid(let found) = rows.need {
            let error = lines.placed(found)
            try output.abort(error, at: UInt64(position), in: file.window)
            throw .badData(error)
        }
        if case .memory = rows.need { throw .outOfMemory }
        lines.know(rows.lines.upperBound, of: UInt64(rows.range.upperBound))
        if position / driver.segmentSize > rows.range.lowerBound / driver.segmentSize {
            try output.endSegment(before: UInt64(position), number: number, &lines, in: file.window)
        }
    }

    /// Ends the output after the last chunk. Returns it, and how the run ended.
    func finish() -> (output: Out, end: Result<RunEnd, SluiceError>) {
        let result =
            result
            ?? Result { () throws(SluiceError) in
                try output.endSegment(before: UInt64(position), number: number, &lines, in: file.window)
                try output.finish()
                return .done
            }
        return (output, result)
    }
}

/// How a run by several threads ended, if not by an error.
enum RunEnd {
    case done
    /// Chunks were entered in a state that was not the true one. The conversion must go on at that record.
    case misled(RecordPosition)
}
