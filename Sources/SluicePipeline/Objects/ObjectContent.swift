import SluiceEngine

/// The bytes of a range of an object. If bytes are missing it must throw: an early end would pass for the end of the rows,
/// and the manifest would state that nothing is missing.
struct ObjectContent<Store: ObjectStore>: AsyncSequence, Sendable {
    typealias Element = Store.Content.Element

    private let store: Store
    private let object: PinnedObject
    private let range: Range<UInt64>

    init(_ store: Store, _ object: PinnedObject, _ range: Range<UInt64>) {
        self.store = store
        self.object = object
        self.range = range
    }

    func makeAsyncIterator() -> Iterator { Iterator(content: self) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let content: ObjectContent
        private var chunks: Store.Content.AsyncIterator?
        private var count = 0

        fileprivate init(content: ObjectContent) { self.content = content }

        mutating func next() async throws -> Element? {
            let (object, range) = (content.object, content.range)
            // An empty range cannot be requested.
            if range.isEmpty { return nil }
            do {
                if chunks == nil {
                    chunks = try await content.store.read(object, range: range).makeAsyncIterator()
                }
                guard let chunk = try await chunks?.next() else {
                    if count == range.count { return nil }
                    throw wrongSize()
                }
                count += chunk.withUnsafeBytes { $0.count }
                if count > range.count { throw wrongSize() }
                return chunk
            } catch {
                throw FunctionError(error, about: object.reference)
            }
        }

        private func wrongSize() -> FunctionError {
            let (range, source) = (content.range, content.object.source)
            return FunctionError(.object, "bytes \(range) of \(source) were requested, but \(count) were received")
        }
    }
}
