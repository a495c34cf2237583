public import NIOCore
import SluicePlatform

extension S3Client {
    /// Returns the bytes of an object, or of a range of it, in order.
    ///
    ///     let object = try await s3.object(at: location)
    ///     for try await message in CSVConverter().messages(from: s3.chunks(of: object), source: object.source) { … }
    ///
    /// Up to `inFlight` ranges of `size` bytes are fetched at a time, and kept in memory. Each is retried if its connection
    /// breaks. Iteration throws ``AWSError``.
    public func chunks(
        of object: S3Object,
        range: Range<UInt64>? = nil,
        size: Int = 8 << 20,
        inFlight: Int = 4
    ) -> S3Chunks {
        let range = (range ?? 0..<object.size).clamped(to: 0..<object.size)
        return S3Chunks(
            client: self,
            object: object,
            range: range,
            size: UInt64(max(1, size)),
            inFlight: max(1, inFlight)
        )
    }
}

/// The bytes of an object. Each iteration fetches them anew.
public struct S3Chunks: AsyncSequence, Sendable {
    /// A chunk of the object's bytes.
    public typealias Element = ByteBuffer

    let client: S3Client
    let object: S3Object
    let range: Range<UInt64>
    let size: UInt64
    let inFlight: Int

    /// Starts an iteration.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(fetches: Fetches(self)) }

    /// Iterates over the chunks in order.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        let fetches: Fetches

        /// Returns the next chunk, or nil at the end.
        ///
        /// - Throws: ``AWSError``.
        public mutating func next() async throws -> ByteBuffer? { try await fetches.next() }

        /// Returns the next chunk, or nil at the end, with a typed error.
        package func nextChunk() async throws(AWSError) -> ByteBuffer? { try await fetches.next() }
    }

    /// The ranges being fetched. They are cancelled when this object is released.
    actor Fetches {
        private let chunks: S3Chunks
        private var start: UInt64
        private var tasks: [Task<Result<ByteBuffer, AWSError>, Never>] = []

        init(_ chunks: S3Chunks) {
            self.chunks = chunks
            start = chunks.range.lowerBound
        }

        deinit { for task in tasks { task.cancel() } }

        func next() async throws(AWSError) -> ByteBuffer? {
            while tasks.count < chunks.inFlight, start < chunks.range.upperBound { fetch() }
            guard !tasks.isEmpty else { return nil }
            let result = await tasks.removeFirst().valueCancelledWithCaller
            if case .failure = result { end() }
            return try result.get()
        }

        /// Ends the iteration: bytes after a range that failed would pass for those of that range.
        private func end() {
            for task in tasks { task.cancel() }
            tasks = []
            start = chunks.range.upperBound
        }

        private func fetch() {
            let range = start..<start + Swift.min(chunks.range.upperBound - start, chunks.size)
            start = range.upperBound
            let (client, object) = (chunks.client, chunks.object)
            let task = Task {
                do throws(AWSError) {
                    return Result<ByteBuffer, AWSError>.success(try await client.bytes(range, of: object))
                } catch {
                    return .failure(error)
                }
            }
            tasks.append(task)
        }
    }
}
