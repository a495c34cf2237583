/// A stream of chunks that must have a stated number of bytes, so that one that breaks off is not taken for the whole input.
package struct SizedChunks<Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    package typealias Element = Chunks.Element

    private let chunks: Chunks
    private let size: UInt64?

    /// `size` is that of all chunks together in bytes, or nil if it is unknown: then any number is accepted.
    package init(_ chunks: Chunks, size: UInt64?) { (self.chunks, self.size) = (chunks, size) }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunks.makeAsyncIterator(), size) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: Chunks.AsyncIterator
        private let size: UInt64?
        private var count: UInt64 = 0

        init(_ chunks: Chunks.AsyncIterator, _ size: UInt64?) { (self.chunks, self.size) = (chunks, size) }

        /// Returns the next chunk.
        ///
        /// - Throws: What the chunks throw; ``SluiceError/wrongSize(expected:received:)`` with the first chunk that has too much,
        ///   and if the chunks end too early. They also end if the task was cancelled, which is `CancellationError`.
        package mutating func next() async throws -> Element? {
            let chunk = try await chunks.next()
            guard let size else { return chunk }
            if let chunk {
                count += UInt64(chunk.withUnsafeBytes { $0.count })
            } else {
                try Task.checkCancellation()
            }
            if count > size || chunk == nil && count < size {
                throw SluiceError.wrongSize(expected: size, received: count)
            }
            return chunk
        }
    }
}

extension SizedChunks: Sendable where Chunks: Sendable {}
