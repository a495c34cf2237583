import SluiceCSV

/// Advice about inputs that are of another kind, or in another encoding, than assumed.
extension CSVError {
    /// Returns what to do, as options or shell commands.
    func inputAdvice(for input: InputWord) -> String {
        let name = finding?.rawValue ?? ""
        switch code {
        case .utf16Input: return "to read it: --encoding \(finding == nil ? "utf-16" : name)"
        case .utf32Input:
            let converting = InputWord.Conversion.filter("iconv -f \(name.uppercased()) -t UTF-8", suffix: "utf8")
            return "to convert it: \(input.rerun(after: converting, setting: ("encoding", nil)))"
        case .byteOrderMark: return "to read it: --encoding \(name)"
        case .noByteOrderMark:
            // Without a finding the byte order is unknown, and the wrong one would give different text.
            if finding == nil { return "name the byte order as part of the encoding: utf-16le or utf-16be" }
            return "it looks like \(name): --encoding \(name)"
        case .wrongEncoding: return "name the encoding that the file was written in; the default is utf-8"
        case .invalidEncoding:
            return finding == .noCharacter
                ? "name the encoding that the file was written in"
                : "the file is damaged there: fetch it again, or have it written again"
        case .notCSV: return finding.map { Self.unpacking($0, input) } ?? Self.assuming
        case .nulInName: return "to keep it as data: --nul-in-name data"
        default: return ""
        }
    }

    private static let assuming = "if it is CSV anyway: --assume-csv"

    private static func unpacking(_ finding: Finding, _ input: InputWord) -> String {
        let way = finding.unpacking(input).map { "to extract the CSV: \(input.rerun(after: $0))" } ?? finding.wayOut
        return way.map { "\($0); \(assuming)" } ?? assuming
    }
}

extension CSVError.Finding {
    /// Returns the conversion that extracts the CSV, or nil if no command does.
    fileprivate func unpacking(_ input: InputWord) -> InputWord.Conversion? {
        switch self {
        case .zip: .archive { "unzip -q \(ShellQuoting.quoted(Self.pattern($0))) -d \($1)" }
        // The input is compressed twice. If it can't be read again, its outer compression is unknown.
        case .gzip: input.isKnown ? .filter("gzip -dc") : nil
        case .zstd: input.isKnown ? .filter("zstd -dc") : nil
        case .compress: .filter("gzip -dc")
        case .bzip2: .filter("bunzip2 -c")
        case .xz: .filter("xz -dc")
        case .lzip: .filter("lzip -dc")
        case .lz4: .filter("lz4 -dc")
        case .sevenZip: .archive { "7z x -o\($1) \(ShellQuoting.quoted($0))" }
        case .rar: .archive { "unrar x -inul \(ShellQuoting.quoted($0)) \($1)/" }
        // `-k`: an archive that holds a file twice fails instead of overwriting the first.
        case .tar: .archive { "tar -xkf \(ShellQuoting.quoted($0)) -C \($1)" }
        // The file's name is not part of the SQL, so it needs quoting for the shell only.
        case .parquet, .json:
            .filter(
                "duckdb -c \"COPY (FROM read_\(rawValue)('/dev/stdin')) TO '/dev/stdout' (FORMAT csv)\"",
                redirected: true,
                suffix: "csv"
            )
        default: nil
        }
    }

    /// Returns the name with its wildcards escaped, because unzip takes it as a pattern: `a[1].zip` → `a[[]1].zip`.
    private static func pattern(_ name: String) -> String {
        let marks: Set<Unicode.Scalar> = ["[", "*", "?"]
        guard name.unicodeScalars.contains(where: marks.contains) else { return name }
        var pattern = ""
        for scalar in name.unicodeScalars {
            pattern += marks.contains(scalar) ? "[\(scalar)]" : scalar == "\\" ? "\\\\" : "\(scalar)"
        }
        return pattern
    }

    /// What to do if no command extracts the CSV.
    fileprivate var wayOut: String? {
        switch self {
        case .office, .xlsx, .ods, .ole: "save the sheet as CSV in UTF-8"
        case .avro, .orc, .arrow, .hdf5, .sqlite: "export it as CSV with a program that reads \(title)"
        case .gzip, .zstd: "decompress the original file repeatedly, until it is CSV"
        default: nil
        }
    }
}
