import Sluice
import SluiceCSV
import SluiceSystem

/// An input in commands that make CSV of it and then run this command on that.
///
///     (set -C; bunzip2 -c a.bz2 > a.bz2.unpacked) && sluice convert a.bz2.unpacked
///     (set -C; gzip -dc a.gz > a.gz.unpacked && bunzip2 -c a.gz.unpacked > a.gz.unpacked.unpacked) && sluice convert …
///     mkdir a.zip.unpacked && unzip -q a.zip -d a.zip.unpacked && sluice convert a.zip.unpacked/*
///
/// Each writes new files only, for `set -C` keeps a shell from writing over any, and each fails as a whole: of a pipe, the shell
/// tells only whether its last command failed. An archive goes into a directory, for it may hold several files, each with a
/// header of its own.
struct InputWord {
    /// A way to make CSV of it.
    enum Conversion {
        /// A command that takes the file as its last word, or if `redirected` as its standard input, and writes to standard
        /// output.
        case filter(String, redirected: Bool = false, suffix: String = "unpacked")
        /// A command that unpacks the file, which is its first argument, into the directory that is its second.
        case archive((_ file: String, _ directory: String) -> String)
    }

    /// As the user named it.
    private let input: String
    /// Its name where commands find it by that.
    private let name: String?
    /// What it is packed with; nil if that is not known, or nothing.
    private let compression: Compression?
    /// It can be looked at again.
    private let isFile: Bool

    init(_ input: String) {
        self.input = input
        name = input == "-" || input.hasPrefix("s3://") ? nil : Self.path(input)
        let path = input == "-" ? "/dev/stdin" : input
        isFile = System.fileSize(at: path) != nil
        compression = isFile ? Self.compression(of: path) : nil
    }

    /// Whether it is known how the input is packed.
    var isKnown: Bool { isFile }

    /// What the text looks like that is not UTF-8.
    var otherText: OtherText { isFile ? OtherText(of: input == "-" ? "/dev/stdin" : input) : .unknown }

    /// A name that no command takes for an option, a list of names or one of another machine.
    private static func path(_ input: String) -> String {
        let isRemote = input.prefix { $0 != "/" }.contains(":")
        return isRemote || input.hasPrefix("-") || input.hasPrefix("@") ? "./\(input)" : input
    }

    private static func compression(of path: String) -> Compression? {
        let descriptor = System.open(path)
        guard descriptor >= 0 else { return nil }
        defer { System.close(descriptor) }
        var source = DescriptorSource(descriptor: descriptor, path: path)
        var first = [UInt8](repeating: 0, count: Compression.magicSize)
        let count = first.withUnsafeMutableBytes { memory in (try? source.read(into: memory)) ?? 0 }
        return Compression.recognized(in: Array(first[..<count]))
    }

    /// The commands that do that, and run this one again.
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
