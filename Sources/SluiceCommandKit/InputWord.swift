import Sluice
import SluiceCSV
import SluiceSystem

/// An input in a command that reads it, as a shell does.
///
///     bunzip2 -c orders.csv                                  of a file
///     gzip -dc orders.csv.gz | bunzip2 -c                    of a file that is unpacked before it is looked at
///     gzip -dc a.zip.gz > UNPACKED; unzip -p UNPACKED        where the command takes no standard input
struct InputWord {
    /// Its name; ``CSVError/filePlaceholder`` where other commands don't find it by that.
    let file: String
    /// What unpacks it; nil if that is not needed, as far as is known.
    let unpacking: String?

    init(_ input: String) {
        guard input != "-", !input.hasPrefix("s3://") else {
            (file, unpacking) = (CSVError.filePlaceholder, nil)
            return
        }
        file = ShellText.quoted(input.hasPrefix("-") ? "./\(input)" : input)
        unpacking = Self.unpacker(of: input).map { [file] in "\($0) -dc \(file)" }
    }

    /// Only a regular file can be looked at again.
    private static func unpacker(of path: String) -> String? {
        guard System.fileSize(at: path) != nil else { return nil }
        let descriptor = System.open(path)
        guard descriptor >= 0 else { return nil }
        defer { System.close(descriptor) }
        var source = DescriptorSource(descriptor: descriptor, path: path)
        var first = [UInt8](repeating: 0, count: Compression.magicSize)
        let count = first.withUnsafeMutableBytes { memory in (try? source.read(into: memory)) ?? 0 }
        switch Compression.recognized(in: Array(first[..<count])) {
        case .gzip: return "gzip"
        case .zstd: return "zstd"
        case nil: return nil
        }
    }

    /// The command on it, which also reads standard input; `redirected`: and only that.
    func reading(_ command: String, redirected: Bool = false) -> String {
        if let unpacking { return "\(unpacking) | \(command)" }
        return "\(command) \(redirected ? "< " : "")\(file)"
    }

    /// The command on it, which needs a file.
    func readingFile(_ command: String) -> String {
        if let unpacking { return "\(unpacking) > UNPACKED; \(command) UNPACKED" }
        return "\(command) \(file)"
    }
}
