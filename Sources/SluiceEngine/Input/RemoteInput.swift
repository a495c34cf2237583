/// Opens inputs that are not files, such as objects in a store.
package protocol RemoteInputProvider: Sendable {
    /// Finds the input with that name. Returns nil if the name is not of this kind, and so is a file's.
    func open(_ name: String) throws(SluiceError) -> RemoteInput?
}

/// An input that is not a file: found and pinned, but not read yet.
package struct RemoteInput {
    /// The input's name in messages, with what pins its bytes.
    package var source: SourceName
    /// The number of stored bytes.
    package var size: UInt64
    private let read: (Range<UInt64>) -> any ByteSource

    package init(
        source: SourceName,
        size: UInt64,
        bytes: @escaping (Range<UInt64>) -> any ByteSource
    ) {
        self.source = source
        self.size = size
        read = bytes
    }

    /// Returns a source of a range, which must lie within the input. The source reads all of it or throws.
    func bytes(_ range: Range<UInt64>) -> any ByteSource {
        CompleteSource(read(range), count: UInt64(range.count), name: source.whole)
    }

    /// Reads at most `count` bytes from `offset` on into memory.
    func piece(at offset: UInt64, upTo count: Int) throws(SluiceError) -> [UInt8] {
        let range = offset..<max(offset, min(size, offset + UInt64(count)))
        var (source, piece, buffer) = (bytes(range), [UInt8](), [UInt8](repeating: 0, count: range.count))
        while piece.count < range.count {
            let count = try source.read(into: &buffer)
            if count == 0 { break }
            piece += buffer[..<count]
        }
        return piece
    }
}

/// Reads exactly as many bytes as expected, or throws: a source that ends early would look like an input that ends there.
private struct CompleteSource: ByteSource {
    private var source: any ByteSource
    private var missing: UInt64
    private let name: String

    init(_ source: any ByteSource, count: UInt64, name: String) {
        self.source = source
        self.name = name
        missing = count
    }

    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        let count = try source.read(into: memory)
        guard count > 0 || missing == 0, UInt64(count) <= missing else {
            let message = "its length differs from its size; \(missing) bytes were still expected"
            throw .service(ServiceFault(.changed, resource: name, code: "inputChanged", message: message))
        }
        missing -= UInt64(count)
        return count
    }

    var isDamaged: Bool { source.isDamaged }
    var file: OpenedFile? { source.file }
}
