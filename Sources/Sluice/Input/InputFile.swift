import SluiceCSV
import SluiceSystem

/// An input by its path, or standard input as `-`, opened.
package struct InputFile: ~Copyable {
    /// An input as UTF-8 bytes, ready to be read.
    package enum Content {
        /// All of it, in memory.
        case mapped(MappedFile)
        /// To be read in order, once.
        case stream(any ByteSource)
    }

    private let file: OpenedFile
    private let path: String
    /// What the input is called in messages, and what pins its bytes.
    package let source: SourceName
    /// The size of a regular file that is not standard input; otherwise 0.
    private let size: Int

    package init(_ path: String) throws(SluiceError) {
        let isStandardInput = path == "-"
        let number = isStandardInput ? 0 : System.open(path)
        if number < 0 { throw .input(SystemFault("open", path: path, code: System.lastError)) }
        let file = OpenedFile(number)
        let kind = System.kind(of: number)
        if kind.isDirectory { throw .noInput("it is a directory; name the files in it") }
        self.file = file
        self.path = isStandardInput ? "standard input" : path
        size = isStandardInput ? 0 : kind.size
        let name = Self.name(of: path)
        source = isStandardInput ? .run(name) : file.state.map { .file(name, $0) } ?? .run(name)
    }

    /// What an input is called in messages: the last part of its path.
    private static func name(of path: String) -> ArraySlice<UInt8> {
        if path == "-" { return Array("standard input".utf8)[...] }
        return RawText.bytes(path).split(separator: UInt8(ascii: "/")).last ?? RawText.bytes(path)[...]
    }

    /// The source of a regular file by its path, without opening it; nil if nothing pins what is there.
    static func pinnedSource(of path: String) -> SourceName? {
        guard path != "-", let state = System.fileState(at: path) else { return nil }
        return .file(name(of: path), state)
    }

    /// What is in it: mapped if that can be, which is so for a file that is neither compressed nor to be transcoded.
    ///
    /// The content keeps the file open as long as it needs it.
    package consuming func content(
        encoding: Encoding = .utf8,
        maxWindow: Int = Sluice.usualMaxWindow,
        assumesCSV: Bool = false
    ) throws(SluiceError) -> Content {
        let opened = DescriptorSource(descriptor: file.number, path: path, file: file)
        let (compression, raw) = try Compression.sniff(opened)
        if compression == nil, encoding == .utf8,
            let mapped = MappedFile(descriptor: file.number, count: size, since: file.state)
        {
            return .mapped(mapped)
        }
        return .stream(try Self.decoded(raw, compression, encoding, maxWindow, assumesCSV))
    }

    /// What the source holds as UTF-8, decompressed if it is compressed.
    package static func decoded(
        _ source: any ByteSource,
        _ encoding: Encoding,
        maxWindow: Int = Sluice.usualMaxWindow,
        assumesCSV: Bool = false
    ) throws(SluiceError) -> any ByteSource {
        let (compression, raw) = try Compression.sniff(source)
        return try decoded(raw, compression, encoding, maxWindow, assumesCSV)
    }

    private static func decoded(
        _ source: any ByteSource,
        _ compression: Compression?,
        _ encoding: Encoding,
        _ maxWindow: Int,
        _ assumesCSV: Bool
    ) throws(SluiceError) -> any ByteSource {
        var source = source
        if let compression { source = try DecompressedSource(source, compression, maxWindow: maxWindow) }
        if let decoder = TextDecoder(encoding, assumesCSV: assumesCSV) {
            source = TranscodedSource(source, decoder, encoding.textForm)
        }
        return source
    }
}

/// An open file, which is closed when nobody reads it any more; standard input stays open.
package final class OpenedFile: Sendable {
    let number: Int32
    /// What a regular file was when it was opened; nil if it is something else, or one whose size says nothing, as in /proc.
    let state: System.FileState?

    init(_ number: Int32) {
        self.number = number
        let state = System.fileState(of: number)
        self.state = state.flatMap { $0.size > 0 || !System.hasBytes(number) ? $0 : nil }
    }

    deinit { if number > 0 { System.close(number) } }

    /// It was a regular file whose size or last time of writing is another now.
    var isChanged: Bool { state.map { System.fileState(of: number) != $0 } ?? false }
}
