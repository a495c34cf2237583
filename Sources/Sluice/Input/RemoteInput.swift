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
    /// Reads a range of them, which lies within it.
    package var bytes: (Range<UInt64>) -> any ByteSource

    package init(
        source: SourceName,
        size: UInt64,
        bytes: @escaping (Range<UInt64>) -> any ByteSource
    ) {
        self.source = source
        self.size = size
        self.bytes = bytes
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
    consuming func content(_ encoding: Encoding) throws(SluiceError) -> InputFile.Content {
        switch consume self {
        case .remote(let input): .stream(try InputFile.decoded(input.bytes(0..<input.size), encoding))
        case .file(let file): try file.content(encoding: encoding)
        }
    }
}

extension Sluice {
    /// Finds an input: one of ``remoteInputs``, a file by its path, or standard input as `-`.
    func open(_ input: String) throws(SluiceError) -> OpenedInput {
        meter?.begin(input)
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
