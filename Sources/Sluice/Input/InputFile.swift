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

    private let descriptor: OwnedDescriptor
    private let path: String
    /// The size of a regular file that is not standard input; otherwise 0.
    private let size: Int

    package init(_ path: String) throws(SluiceError) {
        let isStandardInput = path == "-"
        let number = isStandardInput ? 0 : System.open(path)
        if number < 0 { throw .input(SystemFault("open", path: path, code: System.lastError)) }
        let descriptor = OwnedDescriptor(number)
        let kind = System.kind(of: number)
        if kind.isDirectory { throw .unusable("it is a directory; name the files in it") }
        self.descriptor = descriptor
        self.path = isStandardInput ? "standard input" : path
        size = isStandardInput ? 0 : kind.size
    }

    /// What the input is called where it is not known by its path: the last part of that.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// What pins its bytes: the size of a regular file; otherwise nothing, which is empty.
    package var version: String { size > 0 ? "\(size)" : "" }

    /// What is in it: mapped if that can be, which is so for a file that is neither compressed nor to be transcoded.
    ///
    /// The content keeps the file open as long as it needs it.
    package consuming func content(encoding: Encoding = .utf8) throws(SluiceError) -> Content {
        let opened = DescriptorSource(descriptor: descriptor.number, path: path, owner: descriptor)
        let (compression, raw) = try Compression.sniff(opened)
        let transcoder = encoding.transcoder
        if compression == nil, transcoder == nil,
            let mapped = MappedFile(descriptor: descriptor.number, count: size)
        {
            return .mapped(mapped)
        }
        return .stream(try Self.decoded(raw, compression, transcoder))
    }

    /// What the source holds as UTF-8, decompressed if it is compressed.
    static func decoded(_ source: any ByteSource, _ encoding: Encoding) throws(SluiceError) -> any ByteSource {
        let (compression, raw) = try Compression.sniff(source)
        return try decoded(raw, compression, encoding.transcoder)
    }

    private static func decoded(
        _ source: any ByteSource,
        _ compression: Compression?,
        _ transcoder: (any Transcoder)?
    ) throws(SluiceError) -> any ByteSource {
        var source = source
        if let compression { source = try DecompressedSource(source, compression) }
        if let transcoder { source = TranscodedSource(source, transcoder) }
        return source
    }
}

/// A descriptor that is closed when nobody reads it any more; standard input stays open.
private final class OwnedDescriptor {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { if number > 0 { System.close(number) } }
}
