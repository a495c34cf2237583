import CZstd
import SluiceCSV

/// Compresses what it is given into one zstd frame, with a checksum of the content, and passes that on. What is written once
/// that frame was ended makes another.
///
/// The same bytes give the same frame, however they are cut into writes: zstd collects whole blocks before it compresses.
/// Memory is that of the level, some MiB at the usual ones.
package final class ZstdSink<Sink: ByteSink>: ByteSink {
    private var sink: Sink
    /// Owned by this object, freed with it, and used by one thread at a time as sinks are.
    private let context: OpaquePointer
    /// Where compressed bytes wait; as large as zstd asks for, so that a block always fits. Owned as the context is.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 1)
    /// The context's.
    private var memory = LibraryMemory()
    /// There is a frame to be ended: the first, and any other that something was written into.
    private var isOpen = true

    /// The levels there are: higher ones are slower and give less output.
    package static var levels: ClosedRange<Int> { 1...Int(ZSTD_maxCLevel()) }

    package init(_ sink: Sink, level: Int) throws(SluiceError) {
        guard let context = ZSTD_createCCtx() else { throw .outOfMemory }
        self.sink = sink
        self.context = context
        // These fail only for a value out of range, and both are within theirs.
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

    /// Ends the frame, unless it was ended before.
    package func finish() throws(SluiceError) {
        var input = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
        while isOpen { isOpen = try compress(&input, ZSTD_e_end) > 0 }
        try sink.finish()
    }

    /// Compresses some of the input, passes on what came of it, and returns how much is at least still to come.
    private func compress(_ input: inout ZSTD_inBuffer, _ end: ZSTD_EndDirective) throws(SluiceError) -> Int {
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        let left = ZSTD_compressStream2(context, &output, &input, end)
        // Once its parameters are set, memory is all a compressor can fail of.
        if ZSTD_isError(left) != 0 || !memory.leavesEnough(holding: ZSTD_sizeof_CCtx(context)) { throw .outOfMemory }
        if output.pos > 0 { try sink.write(UnsafeRawBufferPointer(rebasing: buffer.prefix(output.pos))) }
        return left
    }
}
