/// Recognizes other kinds of files by their first bytes.
///
/// If those bytes are printable, a column's name could start with them, so bytes that no text contains must follow. `PK,name`,
/// `PAR1,x`, `ORCID,name`, `BZh9,x` and `%PDF,x` are headers.
extension Recognition {
    func fileKind() -> Verdict {
        var verdict = Verdict.csv
        for (kind, ranges) in Self.magics {
            switch starts(with: ranges) {
            case .no: continue
            case .sofar: verdict = .open
            case .yes: return kind == .zip ? zip : .notCSV(kind)
            }
        }
        for (kind, text) in Self.printable {
            switch starts(with: text) {
            case .no: continue
            case .sofar: verdict = .open
            case .yes: return binary(kind, after: text.count)
            }
        }
        return verdict == .csv ? tar : verdict
    }

    private static let magics: [(CSVError.Finding, [ClosedRange<UInt8>])] =
        exact.map { ($0, $1.map { $0...$0 }) } + compressions.map { ($0 == .gzip ? .gzip : .zstd, $1) } + [
            (.bzip2, text("BZh", 0x31...0x39, "1AY&SY")),
            // A file that contains no data.
            (.bzip2, text("BZh", 0x31...0x39, "\u{17}rE8P") + [0x90...0x90]),
            (.pdf, text("%PDF-", 0x31...0x39, ".") + [0x30...0x39, 0x0A...0x0D]),
        ]

    private static let exact: [(CSVError.Finding, [UInt8])] = [
        (.zip, Array("PK".utf8) + [3, 4]), (.zip, Array("PK".utf8) + [5, 6]), (.zip, Array("PK".utf8) + [7, 8]),
        (.compress, [0x1F, 0x9D]), (.xz, [0xFD] + Array("7zXZ".utf8) + [0]), (.lzip, Array("LZIP".utf8) + [1]),
        (.lz4, [0x04, 0x22, 0x4D, 0x18]),
        (.sevenZip, Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C]), (.rar, Array("Rar!".utf8) + [0x1A, 0x07]),
        (.avro, Array("Obj".utf8) + [1]), (.arrow, Array("ARROW1".utf8) + [0, 0]),
        (.hdf5, [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]),
        (.ole, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
        (.sqlite, Array("SQLite format 3".utf8) + [0]),
    ]

    private static func text(_ first: String, _ range: ClosedRange<UInt8>, _ last: String) -> [ClosedRange<UInt8>] {
        first.utf8.map { $0...$0 } + [range] + last.utf8.map { $0...$0 }
    }

    private static let printable: [(CSVError.Finding, [UInt8])] = [
        (.parquet, Array("PAR1".utf8)), (.parquet, Array("PARE".utf8)), (.orc, Array("ORC".utf8)),
    ]

    /// Returns that kind if one of the next bytes occurs in no text.
    private func binary(_ kind: CSVError.Finding, after magic: Int) -> Verdict {
        let next = bytes[magic...].prefix(16)
        if next.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) { return .notCSV(kind) }
        return next.count < 16 && !isAll ? .open : .csv
    }

    /// Recognizes tar. The first record is 512 bytes: a name, padded with NUL to 100 bytes, numbers that end in NUL, and
    /// `ustar` at 257. Text has a line end before any NUL or, if it is UTF-16, other bytes soon after it.
    private var tar: Verdict {
        let field = bytes.prefix(108)
        guard let end = field.firstIndex(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
            return field.count < 108 && !isAll ? .open : .csv
        }
        guard end >= 2, field[end] == 0, field[end...].prefix(max(0, 100 - end)).allSatisfy({ $0 == 0 }) else {
            return .csv
        }
        switch starts(with: "ustar", at: 257) {
        case .yes: return .notCSV(.tar)
        case .sofar: return .open
        case .no: return .csv
        }
    }
}

/// Zip archives, whose entries show what they contain.
extension Recognition {
    private var zip: Verdict {
        guard isAll else { return .open }
        let names = entries
        let kinds: [(CSVError.Finding, String)] = [
            (.xlsx, "xl/"), (.docx, "word/"), (.pptx, "ppt/"), (.office, "[Content_Types].xml"), (.office, "_rels/"),
            (.jar, "META-INF/"),
        ]
        if names.first?.hasPrefix("mimetype") == true, let kind = openDocument { return .notCSV(kind) }
        let kind = kinds.first { kind in names.contains { $0.hasPrefix(kind.1) } }
        return .notCSV(kind?.0 ?? .zip)
    }

    /// The names of the entries whose local headers are among the first bytes:
    ///
    ///     offset   0 P K 3 4    26 length of the name, two bytes    28 length of the extra field    30 name, extra, content
    private var entries: [String] {
        var names: [String] = []
        for offset in 0..<max(0, bytes.count - 30) where starts(with: [0x50, 0x4B, 3, 4], at: offset) == .yes {
            let length = Int(bytes[offset + 26]) | Int(bytes[offset + 27]) << 8
            names.append(String(decoding: bytes[(offset + 30)...].prefix(length), as: UTF8.self))
        }
        return names
    }

    /// The kind of an OpenDocument file, which its first, uncompressed entry names.
    private var openDocument: CSVError.Finding? {
        let content = String(decoding: bytes[38...].prefix(80), as: UTF8.self)
        let type = "application/vnd.oasis.opendocument."
        if content.hasPrefix(type + "spreadsheet") { return .ods }
        return content.hasPrefix(type + "text") ? .odt : nil
    }
}
