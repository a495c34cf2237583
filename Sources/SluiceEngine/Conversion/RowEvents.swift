import SluiceCSV

/// The rows of a stream of chunks, in the order of the input.
package struct RowEvents<Chunks: AsyncSequence> where Chunks.Element: ByteChunk {
    private var pump: ChunkPump<DecompressedChunks<Chunks>>
    private let feed: RowFeed
    private var isDone = false

    package init(_ chunks: Chunks, _ converter: CSVConverter) {
        pump = ChunkPump(DecompressedChunks(chunks, at: 0, maxWindow: converter.maxWindow))
        feed = RowFeed(converter)
    }

    /// Returns the next rows, or nil after the last and after an error.
    package mutating func next() async throws -> [UInt8]? {
        let feed = feed
        do {
            while true {
                if let rows = feed.take() { return rows }
                if isDone { return nil }
                if let fault = feed.fault ?? feed.run.failure { throw fault }
                if feed.run.isDone {
                    isDone = true
                    return nil
                }
                try Task.checkCancellation()
                let step = try await pump.step { feed.run.add($0) }
                if case .end(let isDamaged) = step { feed.run.end(isDamaged: isDamaged) }
            }
        } catch {
            isDone = true
            throw error
        }
    }
}

/// A conversion to rows whose input is pushed to it. Used by one task at a time.
private final class RowFeed {
    let fault: SluiceError?
    var run: StreamRun<RowWriter<CollectingSink>>

    init(_ converter: CSVConverter) {
        fault = converter.fault.map { .misuse($0) }
        let source = SourceName("")
        let writer = RowWriter(
            CollectingSink(),
            of: nil,
            format: converter.format,
            part: converter.part,
            rejects: RejectKeeper(converter, source: source),
            meter: converter.meter
        )
        run = StreamRun(converter, converter.driver(for: source), writer, from: nil)
    }

    /// Returns the rows that are ready, or nil if there are none.
    func take() -> [UInt8]? {
        if run.output.sink.bytes.isEmpty { return nil }
        defer { run.output.sink.bytes = [] }
        return run.output.sink.bytes
    }
}

private struct CollectingSink: ByteSink {
    typealias Failure = SluiceError

    var bytes: [UInt8] = []

    mutating func write(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }
    mutating func finish() {}
}

/// Reads a file piece by piece.
package struct FileBytes {
    private var source: DescriptorSource

    package init(_ path: String) throws(SluiceError) { source = try OpenedInput(path).descriptorSource() }

    /// Returns at most `size` bytes, or nil at the end.
    package mutating func next(_ size: Int) throws(SluiceError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: size)
        let count = try source.read(into: &bytes)
        if count == 0, source.file?.isChanged == true { throw .inputChanged }
        return count == 0 ? nil : Array(bytes[..<count])
    }
}
