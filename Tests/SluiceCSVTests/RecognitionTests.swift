import SluiceCSV
import SluiceCases
import SluiceTesting
import Testing

@Suite struct `Recognition by an input's first bytes` {
    private typealias Verdict = Recognition.Verdict

    /// Returns the verdict on all bytes, and checks that each shorter prefix gives the same one or none yet.
    private func verdict(
        _ bytes: [UInt8],
        as encoding: Recognition.Encoding = .utf8,
        assumesCSV: Bool = false
    ) -> Verdict {
        let all = Recognition(bytes, isAll: true, as: encoding, assumesCSV: assumesCSV).verdict
        let isFew = Seeds.isFew
        for count in 0...bytes.count where !isFew || count < 300 || count % 61 == 0 {
            let part = Recognition(Array(bytes[..<count]), isAll: false, as: encoding, assumesCSV: assumesCSV)
            #expect(part.verdict == .open || part.verdict == all, "\(count) bytes of \(bytes)")
        }
        return all
    }

    private func notCSV(_ finding: CSVError.Finding) -> Verdict { .fault(.notCSV, .found(finding)) }

    /// Returns a zip archive's local header and the content after it.
    private func entry(_ name: String, _ content: String = "") -> [UInt8] {
        let size = UInt8(content.utf8.count)
        return Array("PK".utf8) + [3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, size, 0, 0, 0, size, 0, 0, 0]
            + [UInt8(name.utf8.count), 0, 0, 0] + Array((name + content).utf8)
    }

    @Test func `names the kind of a file that is not CSV`() {
        let sheet = "application/vnd.oasis.opendocument.spreadsheet"
        let text = "application/vnd.oasis.opendocument.text"
        let tar = Array("data.csv".utf8) + [UInt8](repeating: 0, count: 249) + Array("ustar".utf8)
        let expectations: [(CSVError.Finding, [UInt8])] = [
            (.zip, entry("a.csv", "a,b\n1,2\n")), (.zip, Array("PK".utf8) + [5, 6, 0, 0]),
            (.zip, Array("PK".utf8) + [3, 4]),
            (.office, entry("[Content_Types].xml")),
            (.xlsx, entry("[Content_Types].xml", "x") + entry("xl/workbook.xml")),
            (.docx, entry("[Content_Types].xml") + entry("_rels/.rels") + entry("word/document.xml")),
            (.ods, entry("mimetype", sheet)), (.odt, entry("mimetype", text)), (.jar, entry("META-INF/MANIFEST.MF")),
            (.gzip, [0x1F, 0x8B, 8]), (.compress, [0x1F, 0x9D]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD, 0]),
            (.bzip2, Array("BZh91AY&SY".utf8) + [0xBF]),
            (.bzip2, Array("BZh1".utf8) + [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]),
            (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0]), (.lzip, Array("LZIP".utf8) + [1]),
            (.lz4, [4, 0x22, 0x4D, 0x18]),
            (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), (.rar, Array("Rar!".utf8) + [0x1A, 7, 0]), (.tar, tar),
            (.parquet, Array("PAR1".utf8) + [0x15, 4]), (.avro, Array("Obj".utf8) + [1, 4]),
            (.orc, Array("ORC".utf8) + [0x0A, 0x41, 0x03]), (.arrow, Array("ARROW1".utf8) + [0, 0]),
            (.sqlite, Array("SQLite format 3".utf8) + [0]), (.pdf, Array("%PDF-1.7\n%".utf8)),
            (.ole, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
            (.hdf5, [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]),
        ]
        for (finding, bytes) in expectations {
            #expect(verdict(bytes) == notCSV(finding), "\(finding)")
            #expect(verdict(bytes, as: .singleByte) == notCSV(finding), "\(finding)")
            #expect(verdict(bytes, assumesCSV: true) == .csv, "\(finding)")
        }
    }

    @Test func `detects JSON by its grammar`() {
        for text in [
            "{\"a\":1}\n{\"a\":2}\n", "[{\"a\":\"x\\n\"},\n{\"a\":null}]", "\u{FEFF} \n[1,2.5e3,-0]\n",
            "{\n  \"a\": [true,\n",
            "[]\n", "{\"a\":{\"b\":[]}} \r\n", "[\"a\",", "{\"" + String(repeating: "x", count: 30) + "\":1,",
        ] {
            #expect(verdict(Array(text.utf8)) == notCSV(.json), "\(text)")
        }
        // This object is longer than the bytes that are examined.
        #expect(verdict(Array("{\"a\":\"\(String(repeating: "x", count: 5000))\"}\n".utf8)) == notCSV(.json))
    }

    @Test func `detects markup by its grammar`() {
        let expectations: [(CSVError.Finding, String)] = [
            (.xml, "<?xml version=\"1.0\"?>"), (.html, "<!DOCTYPE html>"), (.html, "\n<html>\n<head>"),
            (.html, "<!-- x -->"),
            (.html, "<table border=1><tr>"), (.xml, "<feed xmlns=\"http://example.com/\">\n"),
            (.xml, "<a><b>1</b>\n<b>"),
            (.xml, "<rows>\n  <row>1</row>\n"), (.xml, "<a>1</a>\n"), (.xml, "<!doctype note>"),
        ]
        for (finding, text) in expectations { #expect(verdict(Array(text.utf8)) == notCSV(finding), "\(text)") }
    }

    @Test func `accepts a header that only begins like another file`() {
        for text in [
            "ORCID,name\n1,2\n", "[id],[name]\n1,2\n", "{a},{b}\n", "<id>,<name>\n1,2\n", "PK,name\n", "PAR1,x\n1,2\n",
            "BZh9,x\n", "%PDF,x\n", "%PDF-1.7,x\n", "[1],[2]\n", "{},{}\n", "[n],[t]\n", "{", "[\n1\n2\n",
            "<id>\n5\n6\n",
            "<b>x</b>,<b>y</b>\n1,2\n", "<table>,<x>\n", "<?x,y\n", "<!x>,y\n", "<1>,2\n", "Obj,x\n", "7z,x\n",
            "Rar!,x\n",
            "SQLite format 3,x\n", "ARROW1,x\n", "ORC\n12345678901234567890\n", "LZIP,x\n", "P", "", "a", "a\0b,\0\n",
            "\u{FEFF}a,b\n", "<a b>,c\n", "<a", "[\"a\" b]\n", "[1 2]\n", "{\"a\"}\n", "[2020-01-01],x\n",
        ] {
            #expect(verdict(Array(text.utf8)) == .csv, "\(text)")
        }
        let others: [CSVError.Code?] = [.notCSV, .utf16Input, .utf32Input]
        for example in Cases.all where !others.contains(example.error?.code) && !example.dialect.assumesCSV {
            #expect(verdict(example.input) == .csv, "\(example)")
        }
    }

    @Test func `detects the byte order from a mark or from zero bytes`() {
        let little: [UInt8] = [0x61, 0, 0x2C, 0, 0x62, 0, 0x0A, 0]
        let big: [UInt8] = [0, 0x61, 0, 0x2C, 0, 0x62, 0, 0x0A]
        let wide: [UInt8] = [0x61, 0, 0, 0, 0x0A, 0, 0, 0]
        let found = { (finding: CSVError.Finding) in CSVError.Detail.found(finding) }
        for encoding in [Recognition.Encoding.utf8, .singleByte, .utf16LittleEndian, .utf16BigEndian, .utf16] {
            #expect(verdict(wide, as: encoding) == .fault(.utf32Input, found(.utf32LittleEndian)))
            #expect(verdict(wide.reversed(), as: encoding) == .fault(.utf32Input, found(.utf32BigEndian)))
            #expect(verdict([0xFF, 0xFE, 0, 0] + wide, as: encoding) == .fault(.utf32Input, found(.utf32LittleEndian)))
            #expect(verdict([0, 0, 0xFE, 0xFF], as: encoding) == .fault(.utf32Input, found(.utf32BigEndian)))
        }
        for encoding in [Recognition.Encoding.utf8, .singleByte] {
            #expect(verdict(little, as: encoding) == .fault(.utf16Input, found(.utf16LittleEndian)))
            #expect(verdict(big, as: encoding) == .fault(.utf16Input, found(.utf16BigEndian)))
            // Sixteen bytes decide; the bytes after them change nothing.
            #expect(verdict(big + big + [0x61], as: encoding) == .fault(.utf16Input, found(.utf16BigEndian)))
        }
        #expect(verdict([0xFF, 0xFE] + little) == .fault(.utf16Input, .none))
        #expect(verdict([0xFF, 0xFE] + little, as: .singleByte) == .fault(.byteOrderMark, found(.utf16LittleEndian)))
        #expect(
            verdict([0xFF, 0xFE] + little, as: .utf16BigEndian) == .fault(.byteOrderMark, found(.utf16LittleEndian))
        )
        #expect(verdict([0xFE, 0xFF] + big, as: .utf16LittleEndian) == .fault(.byteOrderMark, found(.utf16BigEndian)))
        for encoding in [Recognition.Encoding.utf16, .utf16LittleEndian] {
            #expect(verdict([0xFF, 0xFE] + little, as: encoding) == .csv)
        }
        #expect(verdict(little, as: .utf16LittleEndian) == .csv && verdict(big, as: .utf16BigEndian) == .csv)
        #expect(verdict(little, as: .utf16BigEndian) == .fault(.utf16Input, found(.utf16LittleEndian)))
        #expect(verdict(big, as: .utf16) == .fault(.noByteOrderMark, found(.utf16BigEndian)))
        for encoding in [Recognition.Encoding.singleByte, .utf16, .utf16LittleEndian, .utf16BigEndian] {
            #expect(verdict([0xEF, 0xBB, 0xBF, 0x61, 0x0A], as: encoding) == .fault(.byteOrderMark, found(.utf8)))
        }
    }

    @Test func `rejects a byte order that the line ends contradict`() {
        // é, which indicates no byte order, and a line end that does.
        let little: [UInt8] = [0xE9, 0x01, 0x0A, 0, 0x31, 0x4E]
        #expect(verdict(little, as: .utf16BigEndian) == .fault(.utf16Input, .found(.utf16LittleEndian)))
        #expect(verdict(little, as: .utf16LittleEndian) == .csv)
        let text = Array("id,name\n1,2\n".utf8)
        for encoding in [Recognition.Encoding.utf16LittleEndian, .utf16BigEndian] {
            #expect(verdict(text, as: encoding) == .fault(.wrongEncoding, .found(.singleBytes)))
            // Without any line end, no byte contradicts the encoding.
            #expect(verdict([0x31, 0x4E, 0x32, 0x4E], as: encoding) == .csv)
            let long = [UInt8](repeating: 0x4E, count: 5000)
            #expect(verdict(long, as: encoding) == .csv)
        }
    }
}
