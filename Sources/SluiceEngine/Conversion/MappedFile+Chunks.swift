import SluiceCSV
import SluicePlatform

/// What several threads do with the chunks of a file.
extension MappedFile {
    /// Computes a chunk's boundary, which also brings the chunk into the cache.
    func boundary(of chunk: Range<Int>, dialect: Dialect, kernel: Kernel) -> Boundary {
        let lookahead = min(dialect.lookahead, count - chunk.upperBound)
        let following = bytes[chunk.upperBound..<chunk.upperBound + lookahead]
        return Boundary(bytes[chunk], following: following, dialect: dialect, kernel: kernel)
    }

    /// Whenever a chunk completes a 16 MiB block, releases the block before it. A late thread that still reads there reloads the
    /// pages. Releasing all at the end would burden one thread; releasing per chunk would make threads interrupt each other.
    func releasePages(after chunk: Range<Int>) {
        let size = 1 << 24
        let end = chunk.upperBound / size * size
        if chunk.lowerBound < end, end >= 2 * size { release(end - 2 * size..<end - size) }
    }
}
