import SluiceCSV
import SluicePlatform

/// An opened input: a file by its path, standard input as `-`, or one of a ``RemoteInputProvider``. Nothing is read yet.
package struct OpenedInput {
    /// An input as UTF-8 bytes, ready to be read. It keeps the file open as long as it needs it.
    package enum Content {
        /// All of it, mapped into memory.
        case mapped(MappedFile)
        /// A source that can be read once, in order.
        case stream(any ByteSource)
    }

    private enum Place {
        /// `size` is that of a regular file that is not standard input; otherwise 0.
        case file(OpenedFile, path: String, size: Int)
        case remote(RemoteInput)
    }

    private let place: Place
    /// The input's name in messages, with what pins its bytes.
    package let source: SourceName

    package init(_ path: String) throws(SluiceError) {
        let isStandardInput = path == "-"
        let number = isStandardInput ? 0 : System.open(path)
        if number < 0 { throw .input(SystemFault("open", path: path, code: System.lastError)) }
        let file = OpenedFile(number)
        let kind = System.kind(of: number)
        if kind.isDirectory { throw .noInput("it is a directory; name the files in it") }
        place = .file(file, path: Self.title(of: path), size: isStandardInput ? 0 : kind.size)
        let name = Self.name(of: path)
        source = isStandardInput ? .run(name) : file.state.map { .file(name, $0) } ?? .run(name)
    }

    init(_ input: RemoteInput) {
        place = .remote(input)
        source = input.source
    }

    /// The input, if it is remote: then it can be read from any offset without being mapped.
    var remote: RemoteInput? { if case .remote(let input) = place { input } else { nil } }

    /// Returns the name under which errors state an input: its path, or what `-` stands for.
    package static func title(of path: String) -> String { path == "-" ? "standard input" : path }

    /// Returns the input's name in messages: the last part of its path.
    private static func name(of path: String) -> ArraySlice<UInt8> {
        let title = RawText.bytes(title(of: path))
        return title.split(separator: UInt8(ascii: "/")).last ?? title[...]
    }

    /// Returns the source of a regular file without opening it, or nil if nothing pins the file at the path.
    static func pinnedSource(of path: String) -> SourceName? {
        guard path != "-", let state = System.fileState(at: path) else { return nil }
        return .file(name(of: path), state)
    }

    /// Returns the bytes of a file as they are stored.
    func descriptorSource() throws(SluiceError) -> DescriptorSource {
        guard case .file(let file, let path, _) = place else { throw .misuse("it is no file") }
        return DescriptorSource(descriptor: file.number, path: path, file: file)
    }

    /// Returns all of it: mapped if it is a file that can be mapped and is neither compressed nor transcoded, else a stream.
    package func content(of converter: CSVConverter) throws(SluiceError) -> Content {
        let encoding = converter.encoding
        let bytes: any ByteSource
        switch place {
        case .remote(let input): bytes = input.bytes(0..<input.size)
        case .file(let file, let path, let size):
            if encoding == .utf8, let mapped = MappedFile(descriptor: file.number, count: size, since: file.state),
                !Recognition.isCompressed(Array(mapped.bytes.buffer.prefix(Recognition.compressionLimit)))
            {
                return .mapped(mapped)
            }
            bytes = DescriptorSource(descriptor: file.number, path: path, file: file)
        }
        let (maxWindow, assumesCSV) = (converter.maxWindow, converter.dialect.assumesCSV)
        return .stream(try Self.decoded(bytes, encoding, maxWindow: maxWindow, assumesCSV: assumesCSV))
    }

    /// Returns a source of UTF-8, decompressed if the given one is compressed.
    package static func decoded(
        _ source: any ByteSource,
        _ encoding: Encoding,
        maxWindow: Int = CSVConverter.usualMaxWindow,
        assumesCSV: Bool = false
    ) throws(SluiceError) -> any ByteSource {
        let (compression, plain) = try sniff(source)
        var source = plain
        if let compression { source = try DecompressedSource(source, compression, maxWindow: maxWindow) }
        if let decoder = TextDecoder(encoding, assumesCSV: assumesCSV) {
            source = TranscodedSource(source, decoder, encoding.textForm)
        }
        return source
    }
}

extension CSVConverter {
    /// Opens an input: one of ``remoteInputs``, a file by its path, or standard input as `-`.
    package func open(_ input: String) throws(SluiceError) -> OpenedInput {
        meter?.begin(input)
        if let remote = try remoteInputs?.open(input) { return OpenedInput(remote) }
        return try OpenedInput(input)
    }

    /// Returns an input's name in messages, or nil if nothing pins its bytes or it can't be found.
    package func pinnedSource(of input: String) -> SourceName? {
        do throws(SluiceError) {
            return try remoteInputs?.open(input)?.source ?? OpenedInput.pinnedSource(of: input)
        } catch {
            return nil
        }
    }
}

/// An open file. It is closed with the last reference, unless it is standard input.
package final class OpenedFile: Sendable {
    let number: Int32
    /// The size and time of a regular file when it was opened. Nil for anything else, and for files whose size means
    /// nothing, as in /proc.
    let state: System.FileState?

    init(_ number: Int32) {
        self.number = number
        let state = System.fileState(of: number)
        self.state = state.flatMap { $0.size > 0 || !System.hasBytes(number) ? $0 : nil }
    }

    deinit { if number > 0 { System.close(number) } }

    /// Whether it is a regular file whose size or modification time has changed.
    var isChanged: Bool { state.map { System.fileState(of: number) != $0 } ?? false }
}
