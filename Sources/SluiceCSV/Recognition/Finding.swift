extension CSVError {
    /// What an input's bytes were recognized as.
    public enum Finding: String, Sendable, Hashable, CaseIterable {
        /// A zip archive of any other kind.
        case zip
        /// A document of an office program in the format of ECMA-376; the first bytes do not show which program.
        case office
        /// A workbook of Excel.
        case xlsx
        /// A document of Word.
        case docx
        /// A presentation of PowerPoint.
        case pptx
        /// A spreadsheet in the OpenDocument format.
        case ods
        /// A text in the OpenDocument format.
        case odt
        /// An archive of Java.
        case jar
        /// Compressed with gzip; if gzip is already decompressed, compressed twice.
        case gzip
        /// Compressed with zstd; if zstd is already decompressed, compressed twice.
        case zstd
        /// Compressed with compress.
        case compress
        /// Compressed with bzip2.
        case bzip2
        /// Compressed with xz.
        case xz
        /// Compressed with lzip.
        case lzip
        /// Compressed with lz4.
        case lz4
        /// A 7z archive.
        case sevenZip = "7z"
        /// A RAR archive.
        case rar
        /// A tar archive.
        case tar
        /// Apache Parquet.
        case parquet
        /// An Apache Avro object container.
        case avro
        /// Apache ORC.
        case orc
        /// Apache Arrow, or Feather.
        case arrow
        /// HDF5.
        case hdf5
        /// A workbook of Excel before 2007, or another OLE 2 document.
        case ole
        /// A database of SQLite.
        case sqlite
        /// PDF.
        case pdf
        /// HTML.
        case html
        /// XML.
        case xml
        /// JSON: one document, or JSON lines.
        case json
        /// UTF-8.
        case utf8 = "utf-8"
        /// UTF-16, little endian.
        case utf16LittleEndian = "utf-16le"
        /// UTF-16, big endian.
        case utf16BigEndian = "utf-16be"
        /// UTF-32, little endian.
        case utf32LittleEndian = "utf-32le"
        /// UTF-32, big endian.
        case utf32BigEndian = "utf-32be"
        /// An encoding with one byte per code unit rather than two or four.
        case singleBytes
        /// One half of a surrogate pair alone.
        case unpairedSurrogate
        /// The input ends in the middle of a code unit.
        case oddLastByte
        /// A byte that the encoding assigns no character, or only a control character.
        case noCharacter
    }
}
