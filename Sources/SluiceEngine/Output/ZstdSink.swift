import CZstd

/// Compresses bytes into one zstd frame, with a checksum of the content, and passes it on. What is written after
/// ``finish()`` starts another frame.
///
/// The same bytes give the same frame, however they are cut into writes, because zstd collects whole blocks before it
/// compresses. Memory depends on the level: a few MiB at the usual ones.
package final class ZstdSink<Sink: ByteSink>: ByteSink where Sink.Failure == SluiceError {
    package typealias Failure = SluiceError

    private var sink: Sink
    private let compressor: ZstdCompressor
    /// The compressed bytes of one step. Owned by this object.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: ZstdCompressor.outputSize, alignment: 1)
    /// Whether a frame must be ended: the first, or a later one that something was written to.
    private var isOpen = true

    package init(_ sink: Sink, level: Int) throws(SluiceError) {
        self.sink = sink
        compressor = try ZstdCompressor(level: level)
    }

    deinit { buffer.deallocate() }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        isOpen = true
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while input.pos < input.size { _ = try compress(&input, ZSTD_e_continue) }
    }

    /// Ends the frame, unless it is ended, and the sink.
    package func finish() throws(SluiceError) {
        var input = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
        while isOpen { isOpen = try compress(&input, ZSTD_e_end) > 0 }
        try sink.finish()
    }

    /// Compresses some of the input and passes on the output. Returns a lower bound of the bytes that remain.
    private func compress(_ input: inout ZSTD_inBuffer, _ end: ZSTD_EndDirective) throws(SluiceError) -> Int {
        let (written, left) = try compressor.compress(&input, to: buffer, end)
        if written > 0 { try sink.write(UnsafeRawBufferPointer(rebasing: buffer.prefix(written))) }
        return left
    }
}
