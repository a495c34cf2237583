import SluiceCSV

/// What to do about inputs that are something else than they are taken for.
extension CSVError {
    /// What to do, as the command's user does it.
    func inputAdvice(for input: InputWord) -> String {
        let name = finding?.rawValue ?? ""
        switch code {
        case .utf16Input: return "to read it: --encoding \(finding == nil ? "utf-16" : name)"
        case .utf32Input:
            let converting = input.reading("iconv -f \(name.uppercased()) -t UTF-8")
            return "to convert it: \(converting) | sluice convert -"
        case .byteOrderMark: return "to read it: --encoding \(name)"
        case .noByteOrderMark:
            // Which of the two it is can't be told, and the wrong one would give other text.
            if finding == nil { return "name the order as part of the encoding: utf-16le or utf-16be" }
            return "it looks like \(name): --encoding \(name)"
        case .wrongEncoding: return "name the encoding in which the file was written; without a name it is utf-8"
        case .invalidEncoding:
            return finding == .noCharacter
                ? "name the encoding in which the file was written"
                : "the file is damaged there: fetch it again, or have it written again"
        case .notCSV: return finding.map { Self.unpacking($0, input) } ?? Self.assuming
        case .sepLine:
            guard case .delimiter(let byte) = detail, byte == 0x09 || 0x21..<0x7F ~= byte else {
                return "remove the line"
            }
            let delimiter = byte == UInt8(ascii: ",") ? "" : " --delimiter \(Self.word(byte))"
            return "to read what follows it: \(input.reading("tail -n +2")) | sluice convert -\(delimiter)"
        case .nulInName: return "to keep it as data: --nul-in-name data"
        default: return ""
        }
    }

    /// The delimiter as a shell reads it.
    private static func word(_ byte: UInt8) -> String {
        if byte == 0x09 { return "tab" }
        return byte == UInt8(ascii: "'") ? "\"'\"" : "'\(Unicode.Scalar(byte))'"
    }

    private static let assuming = "if it is CSV all the same: --assume-csv"

    private static func unpacking(_ finding: Finding, _ input: InputWord) -> String {
        let way = finding.unpacking(input).map { "to get at the CSV: \($0) | sluice convert -" } ?? finding.wayOut
        return way.map { "\($0); \(assuming)" } ?? assuming
    }
}

extension CSVError.Finding {
    /// The command that writes the CSV in it to standard output; nil if there is none.
    fileprivate func unpacking(_ input: InputWord) -> String? {
        switch self {
        case .zip: input.readingFile("unzip -p")
        case .gzip, .compress: input.reading("gzip -dc")
        case .zstd: input.reading("zstd -dc")
        case .bzip2: input.reading("bunzip2 -c")
        case .xz: input.reading("xz -dc")
        case .lzip: input.reading("lzip -dc")
        case .lz4: input.reading("lz4 -dc")
        case .sevenZip: input.readingFile("7z x -so")
        case .rar: input.readingFile("unrar p -inul")
        case .tar: input.readingFile("tar -xOf")
        // The file's name stands outside the text of SQL, so that it needs to be quoted for the shell only.
        case .parquet, .json:
            input.reading(
                "duckdb -c \"COPY (FROM read_\(rawValue)('/dev/stdin')) TO '/dev/stdout' (FORMAT csv)\"",
                redirected: true
            )
        default: nil
        }
    }

    /// What to do where no command does it.
    fileprivate var wayOut: String? {
        switch self {
        case .office, .xlsx, .ods, .ole: "save the sheet as CSV in UTF-8"
        case .avro, .orc, .arrow, .hdf5, .sqlite: "write it as CSV with a program that reads \(title)"
        default: nil
        }
    }
}
