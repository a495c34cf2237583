import SluiceCSV
import SluiceEngine
import SluicePlatform

/// Builds shell commands that extract an input's CSV and then run this command on the result.
///
///     (set -C; bunzip2 -c a.bz2 > a.bz2.unpacked) && sluice convert a.bz2.unpacked
///     (set -C; gzip -dc a.gz > a.gz.unpacked && bunzip2 -c a.gz.unpacked > a.gz.unpacked.unpacked) && sluice convert …
///     mkdir a.zip.unpacked && unzip -q a.zip -d a.zip.unpacked && sluice convert a.zip.unpacked/*
///
/// The commands write new files only: `set -C` keeps the shell from overwriting any. They fail as a whole, which a pipe
/// would not: the shell reports only the status of its last command. An archive is unpacked into a directory, because
/// it may hold several files, each with its own header.
struct InputWord {
    /// A way to extract the CSV.
    enum Conversion {
        /// A command that writes to standard output. It takes the file as its last argument or, if `redirected`, as
        /// standard input.
        case filter(String, redirected: Bool = false, suffix: String = "unpacked")
        /// A command that unpacks the file into the directory.
        case archive((_ file: String, _ directory: String) -> String)
    }

    /// The input, as the user named it.
    private let input: String
    /// Its path for shell commands; nil for standard input and objects in S3.
    private let name: String?
    /// Its compression; nil if there is none or it is unknown.
    private let compression: Compression?
    /// Whether it is a regular file, which can be read again.
    private let isFile: Bool

    init(_ input: String) {
        self.input = input
        name = input == "-" || input.hasPrefix("s3://") ? nil : Self.path(input)
        let path = input == "-" ? "/dev/stdin" : input
        isFile = System.fileSize(at: path) != nil
        compression = isFile ? Self.compression(of: path) : nil
    }

    /// Whether the input's compression is known.
    var isKnown: Bool { isFile }

    /// What the input's text appears to be, if it is not UTF-8.
    var otherText: OtherText { isFile ? OtherText(of: input == "-" ? "/dev/stdin" : input) : .unknown }

    /// Returns a path that no command mistakes for an option, a list of names or a remote path.
    private static func path(_ input: String) -> String {
        let isRemote = input.prefix { $0 != "/" }.contains(":")
        return isRemote || input.hasPrefix("-") || input.hasPrefix("@") ? "./\(input)" : input
    }

    private static func compression(of path: String) -> Compression? {
        let descriptor = System.open(path)
        guard descriptor >= 0 else { return nil }
        defer { System.close(descriptor) }
        return try? OpenedInput.sniff(DescriptorSource(descriptor: descriptor, path: path)).compression
    }

    /// Returns the commands that do a conversion and then run this command again.
    func rerun(after conversion: Conversion, setting option: Rerun.Setting? = nil) -> String {
        var file = name ?? CSVError.filePlaceholder
        var steps: [String] = []
        func filter(_ command: String, redirected: Bool = false, suffix: String = "unpacked") {
            let made = "\(file).\(suffix)"
            steps.append(
                "\(command) \(redirected ? "< " : "")\(ShellQuoting.quoted(file)) > \(ShellQuoting.quoted(made))"
            )
            file = made
        }
        switch compression {
        case .gzip: filter("gzip -dc")
        case .zstd: filter("zstd -dc")
        case nil: break
        }
        if case .filter(let command, let redirected, let suffix) = conversion {
            filter(command, redirected: redirected, suffix: suffix)
        }
        var commands = steps.isEmpty ? [] : ["(set -C; \(steps.joined(separator: " && ")))"]
        var files = ShellQuoting.quoted(file)
        if case .archive(let unpacking) = conversion {
            let directory = ShellQuoting.quoted("\(file).unpacked")
            commands += ["mkdir \(directory)", unpacking(file, directory)]
            files = "\(directory)/*"
        }
        commands.append(Rerun().command(reading: files, insteadOf: input, setting: option))
        return commands.joined(separator: " && ")
    }
}
