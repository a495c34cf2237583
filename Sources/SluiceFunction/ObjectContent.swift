import Sluice

/// All bytes of an object, or an error: never fewer without one, since the end of the bytes would pass for the end of the
/// rows, and a manifest would say that nothing is missing.
struct ObjectContent<Store: ObjectStore>: AsyncSequence, Sendable {
    typealias Element = Store.Content.Element

    private let store: Store
    private let object: ObjectReference
    private let pinned: ObjectDescription

    init(_ store: Store, _ object: ObjectReference, _ pinned: ObjectDescription) {
        self.store = store
        self.object = object
        self.pinned = pinned
    }

    func makeAsyncIterator() -> Iterator { Iterator(content: self) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let content: ObjectContent
        private var chunks: Store.Content.AsyncIterator?
        private var count: UInt64 = 0

        fileprivate init(content: ObjectContent) { self.content = content }

        mutating func next() async throws -> Element? {
            let (object, pinned) = (content.object, content.pinned)
            // There is no range of an empty object that could be asked for.
            if pinned.size == 0 { return nil }
            do {
                if chunks == nil {
                    chunks = try await content.store.read(object, pinned: pinned, range: 0..<pinned.size)
                        .makeAsyncIterator()
                }
                guard let chunk = try await chunks?.next() else {
                    if count == pinned.size { return nil }
                    throw wrongSize()
                }
                count += UInt64(chunk.withUnsafeBytes { $0.count })
                if count > pinned.size { throw wrongSize() }
                return chunk
            } catch {
                throw FunctionError(error, about: object)
            }
        }

        private func wrongSize() -> FunctionError {
            let (size, source) = (content.pinned.size, content.object.source)
            return FunctionError(.object, "\(source) has \(size) bytes, but \(count) came")
        }
    }
}
