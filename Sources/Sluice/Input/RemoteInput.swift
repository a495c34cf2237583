/// Opens inputs that are no files, such as objects in a store.
package protocol RemoteInputProvider: Sendable {
    /// Finds the input of that name. Nil: that is not a name of the kind, so it is a file's.
    func open(_ name: String) throws(SluiceError) -> RemoteInput?
}

/// An input that is no file, found and pinned, and not read yet.
package struct RemoteInput {
    /// What it is called in messages, and what pins its bytes.
    package var source: SourceName
    /// Its bytes as they are stored.
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

    /// Reads a range of them, which lies within it, all of it or with an error.
    func bytes(_ range: Range<UInt64>) -> any ByteSource {
        CompleteSource(read(range), count: UInt64(range.count), name: source.whole)
    }

    /// Up to that many bytes from there on, in memory.
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

/// Gives as many bytes as it should, or an error: the end of the bytes would pass for the end of the rows.
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
            let message = "it gave other bytes than its size says; \(missing) were still to come"
            throw .service(ServiceFault(.changed, resource: name, code: "inputChanged", message: message))
        }
        missing -= UInt64(count)
        return count
    }

    var isDamaged: Bool { source.isDamaged }
    var file: OpenedFile? { source.file }
}

/// An input of any kind, found and not read yet.
enum OpenedInput: ~Copyable {
    case remote(RemoteInput)
    case file(InputFile)

    var source: SourceName {
        switch self {
        case .remote(let input): input.source
        case .file(let file): file.source
        }
    }

    /// Itself, if it can be read from anywhere without being mapped.
    var remote: RemoteInput? {
        switch self {
        case .remote(let input): input
        case .file: nil
        }
    }

    /// All of it as UTF-8.
    consuming func content(of sluice: Sluice) throws(SluiceError) -> InputFile.Content {
        let (encoding, window, assumesCSV) = (sluice.encoding, sluice.maxWindow, sluice.dialect.assumesCSV)
        switch consume self {
        case .remote(let input):
            let bytes = input.bytes(0..<input.size)
            return .stream(
                try InputFile.decoded(bytes, encoding, maxWindow: window, assumesCSV: assumesCSV)
            )
        case .file(let file):
            return try file.content(encoding: encoding, maxWindow: window, assumesCSV: assumesCSV)
        }
    }
}

extension Sluice {
    /// Finds an input: one of ``remoteInputs``, a file by its path, or standard input as `-`.
    func open(_ input: String) throws(SluiceError) -> OpenedInput {
        meter?.begin(input)
        meter?.hints.begin(input)
        if let remote = try remoteInputs?.open(input) { return .remote(remote) }
        return .file(try InputFile(input))
    }

    /// What an input is called in messages if something pins its bytes; otherwise, or if it can't be found, nil.
    package func pinnedSource(of input: String) -> SourceName? {
        do throws(SluiceError) {
            return try remoteInputs?.open(input)?.source ?? InputFile.pinnedSource(of: input)
        } catch {
            return nil
        }
    }
}
