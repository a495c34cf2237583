import SluiceCSV

/// A stream of chunks that is decompressed if its first bytes show that it is compressed.
///
/// It returns the same pieces as ``DecompressedSource``. Where that source is damaged, the iteration throws
/// ``DamagedInput``.
package struct DecompressedChunks<Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    /// Bytes as they arrived, or as they were decompressed.
    package enum Element: ByteChunk {
        case asItCame(Chunks.Element)
        case made([UInt8])

        package func withUnsafeBytes<Result>(
            _ body: (UnsafeRawBufferPointer) throws -> Result
        ) rethrows -> Result {
            switch self {
            case .asItCame(let chunk): try chunk.withUnsafeBytes(body)
            case .made(let bytes): try bytes.withUnsafeBytes(body)
            }
        }
    }

    private let chunks: Chunks
    private let offset: UInt64
    private let maxWindow: Int

    /// Creates a stream of chunks that start at `offset` in the input. Only an input's first bytes show whether it is
    /// compressed, so from any other offset chunks are passed on as they are.
    package init(_ chunks: Chunks, at offset: UInt64, maxWindow: Int = CSVConverter.usualMaxWindow) {
        self.chunks = chunks
        self.offset = offset
        self.maxWindow = maxWindow
    }

    package func makeAsyncIterator() -> AsyncIterator {
        let chunks = chunks.makeAsyncIterator()
        return AsyncIterator(chunks: chunks, kind: offset == 0 ? .unknown : .plain, maxWindow: maxWindow)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate enum Kind {
            case unknown
            case plain
            case compressed(MemberReader)
        }

        private var chunks: Chunks.AsyncIterator
        private var kind: Kind
        private let maxWindow: Int
        /// The bytes that are being decoded, and how many of them were.
        private var input = Element.made([])
        private var taken = 0
        /// Whether it has thrown; after that it returns nil.
        private var hasFailed = false

        fileprivate init(chunks: Chunks.AsyncIterator, kind: Kind, maxWindow: Int) {
            self.chunks = chunks
            self.kind = kind
            self.maxWindow = maxWindow
        }

        package mutating func next() async throws -> Element? {
            guard !hasFailed else { return nil }
            do { return try await nextElement() } catch {
                hasFailed = true
                throw error
            }
        }

        private mutating func nextElement() async throws -> Element? {
            switch kind {
            case .plain: return try await nextChunk().map { .asItCame($0) }
            case .compressed(var members):
                defer { kind = .compressed(members) }
                return try await piece(of: &members)
            case .unknown:
                let first = try await sniff()
                if case .compressed = kind {
                    input = .made(first)
                    return try await nextElement()
                }
                return first.isEmpty ? nil : .made(first)
            }
        }

        /// Returns the next chunk as it arrived. Throws if the chunks end because the task was cancelled; otherwise the
        /// missing bytes would look like damage.
        private mutating func nextChunk() async throws -> Chunks.Element? {
            let chunk = try await chunks.next()
            if chunk == nil { try Task.checkCancellation() }
            return chunk
        }

        /// Finds out how the input is compressed, and returns the bytes that were read for that.
        private mutating func sniff() async throws -> [UInt8] {
            var first: [UInt8] = []
            while true {
                if case .known(let compression) = Recognition.compression(of: first) {
                    kind = try compression.map { .compressed(try MemberReader($0, maxWindow: maxWindow)) } ?? .plain
                    return first
                }
                guard let chunk = try await nextChunk() else { break }
                chunk.withUnsafeBytes { first += $0 }
            }
            kind = .plain
            return first
        }

        private mutating func piece(of members: inout MemberReader) async throws -> Element? {
            var piece = [UInt8](repeating: 0, count: MemberReader.pieceSize)
            members.begin()
            while try decode(into: &piece, &members) == .hungry {
                if let chunk = try await nextChunk() {
                    (input, taken) = (.asItCame(chunk), 0)
                } else {
                    members.end(isDamaged: false)
                }
            }
            if members.count > 0 { return .made(Array(piece[..<members.count])) }
            if members.isDamaged { throw DamagedInput() }
            return nil
        }

        private mutating func decode(
            into piece: inout [UInt8],
            _ members: inout MemberReader
        ) throws -> MemberReader.Progress {
            try piece.withUnsafeMutableBytes { piece in
                try input.withUnsafeBytes { bytes in
                    var rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
                    defer { taken = bytes.count - rest.count }
                    return try members.fill(piece, from: &rest)
                }
            }
        }
    }
}

extension DecompressedChunks: Sendable where Chunks: Sendable {}

/// The input is compressed, and damaged or cut short, so no bytes follow those that were returned.
package struct DamagedInput: Error {}
