/// Texts about inputs that are not what they were taken for.
extension CSVError {
    package var finding: Finding? { if case .found(let finding) = detail { finding } else { nil } }

    /// The placeholder for the input's name in a suggested command.
    package static let filePlaceholder = "FILE"

    var inputReason: String {
        let name = finding?.rawValue ?? ""
        return switch code {
        case .utf16Input: finding == nil ? "input is UTF-16" : "input looks like \(name) without a byte order mark"
        case .utf32Input: "input is \(name)"
        case .byteOrderMark: "the byte order mark says \(name)"
        case .noByteOrderMark: "input has no byte order mark, which utf-16 needs for the byte order"
        case .wrongEncoding: "input is not UTF-16: none of its bytes is zero"
        case .invalidEncoding: Self.undecodable(finding)
        case .notCSV: "input is \(finding?.title ?? "another kind of file"), not CSV"
        case .sepLine: "the first line is not a record: it names the delimiter"
        case .nulInName: "column name contains NUL"
        default: code.rawValue
        }
    }

    private static func undecodable(_ finding: Finding?) -> String {
        switch finding {
        case .unpairedSurrogate: "unpaired surrogate, which is not a character"
        case .oddLastByte: "odd last byte: the input ends in the middle of a code unit"
        default: "byte for which the encoding has no character"
        }
    }
}

extension CSVError.Finding {
    /// The name that a person would use.
    package var title: String {
        switch self {
        case .zip: "a zip archive"
        case .office: "an Office document"
        case .xlsx: "an Excel workbook (xlsx)"
        case .docx: "a Word document (docx)"
        case .pptx: "a PowerPoint presentation (pptx)"
        case .ods: "an OpenDocument spreadsheet (ods)"
        case .odt: "an OpenDocument text (odt)"
        case .jar: "a Java archive (jar)"
        case .gzip, .zstd, .compress, .bzip2, .xz, .lzip, .lz4: "compressed with \(rawValue)"
        case .sevenZip: "a 7z archive"
        case .rar: "a RAR archive"
        case .tar: "a tar archive"
        case .parquet: "Parquet"
        case .avro: "Avro"
        case .orc: "ORC"
        case .arrow: "Arrow"
        case .hdf5: "HDF5"
        case .ole: "an Excel workbook (xls) or another OLE document"
        case .sqlite: "an SQLite database"
        case .pdf: "PDF"
        case .html: "HTML"
        case .xml: "XML"
        case .json: "JSON"
        default: rawValue
        }
    }
}
