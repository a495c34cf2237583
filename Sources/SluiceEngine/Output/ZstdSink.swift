import CZstd
import SluiceCSV
import SluicePlatform

/// Compresses bytes into one zstd frame, with a checksum of the content, and passes it on. What is written after
/// ``finish()`` starts another frame.
///
/// The same bytes give the same frame, however they are cut into writes, because zstd collects whole blocks before it
/// compresses. Memory depends on the level: a few MiB at the usual ones.
package final class ZstdSink<Sink: ByteSink>: ByteSink {
    private var sink: Sink
    /// Owned by this object. Sinks are used by one thread at a time, and so is the context.
    private let context: OpaquePointer
    /// The compressed bytes of one step. zstd recommends the size, so that a block always fits. Owned by this object.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 1)
    /// The memory that `context` holds.
    private var memory = LibraryMemory()
    /// Whether a frame must be ended: the first, or a later one that something was written to.
    private var isOpen = true

    /// The levels of zstd: higher ones are slower and give less output.
    package static var levels: ClosedRange<Int> { 1...Int(ZSTD_maxCLevel()) }

    package init(_ sink: Sink, level: Int) throws(SluiceError) {
        guard let context = ZSTD_createCCtx() else { throw .outOfMemory }
        self.sink = sink
        self.context = context
        // These calls fail only for values out of range, and both are in range.
        let level = min(max(level, Self.levels.lowerBound), Self.levels.upperBound)
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit {
        ZSTD_freeCCtx(context)
        buffer.deallocate()
    }

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
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        let left = ZSTD_compressStream2(context, &output, &input, end)
        // With valid parameters, a compressor can fail only for lack of memory.
        if ZSTD_isError(left) != 0 || !memory.leavesEnough(holding: ZSTD_sizeof_CCtx(context)) { throw .outOfMemory }
        if output.pos > 0 { try sink.write(UnsafeRawBufferPointer(rebasing: buffer.prefix(output.pos))) }
        return left
    }
}
