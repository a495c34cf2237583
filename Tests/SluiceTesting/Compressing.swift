import CZlib
import CZstd

/// Compresses bytes with the libraries themselves.
package enum Compressing {
    struct Failed: Error {}

    /// Returns one gzip member.
    package static func gzip(_ bytes: [UInt8], level: Int32 = 6) throws -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = deflateInit2_(
            &stream,
            level,
            Z_DEFLATED,
            MAX_WBITS + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            size
        )
        guard status == Z_OK else { throw Failed() }
        defer { deflateEnd(&stream) }
        var (input, output) = (bytes, [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count)))))
        return try input.withUnsafeMutableBufferPointer { input in
            let count = try output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                guard deflate(&stream, Z_FINISH) == Z_STREAM_END else { throw Failed() }
                return output.count - Int(stream.avail_out)
            }
            return Array(output[..<count])
        }
    }

    /// Returns one zstd frame, with a checksum.
    package static func zstd(_ bytes: [UInt8]) throws -> [UInt8] {
        guard let context = ZSTD_createCCtx() else { throw Failed() }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress2(context, &output, output.count, bytes, bytes.count)
        guard ZSTD_isError(count) == 0 else { throw Failed() }
        return Array(output[..<count])
    }

    /// Returns the bytes as gzip, as gzip without compression and as zstd, each with a name.
    package static func ways(_ bytes: [UInt8]) throws -> [(name: String, bytes: [UInt8])] {
        [("gzip", try gzip(bytes)), ("stored gzip", try gzip(bytes, level: 0)), ("zstd", try zstd(bytes))]
    }
}
