// Cases of inputs that are not CSV, or not in a readable encoding.

import SluiceCSV

extension Cases {
    static let otherKinds: [Case] =
        kind("a zip archive", "PK\(3, 4)\(20, 0)", .notCSV)
        + kind("gzip", "\(0x1F, 0x8B)\(8, 0)", .notCSV)
        + kind("Parquet", "PAR1\(0x15, 4)", .notCSV)
        + kind("lines of JSON", "{\"a\":1}\n{\"a\":2}\n", .notCSV)
        + kind("HTML", "\n<!DOCTYPE html>\n", .notCSV)
        + kind("UTF-32", "a\(0, 0, 0),\(0, 0, 0)", .utf32Input)
        + kind("UTF-16 without a mark", "\(0)a\(0),\(0)b\(0)\n", .utf16Input)
        + kind("a line that names a delimiter", "sep=;\r\na;b\r\n", .sepLine)
        + kind("a line that names a delimiter in quotes", "\"sep=,\"\na,b\n", .sepLine)
        + [
            Case("a header that starts as zip does", "PK,name\n1,2\n", .rfc4180, [#"{"PK":"1","name":"2"}"#]),
            Case("a header that starts as JSON does", "[id],[name]\n1,2\n", .rfc4180, [#"{"[id]":"1","[name]":"2"}"#]),
            Case(
                "a header that starts as markup does",
                "<id>,<name>\n1,2\n",
                .rfc4180,
                [#"{"<id>":"1","<name>":"2"}"#]
            ),
            Case("a header that starts as ORC does", "ORCID,name\n1,2\n", .rfc4180, [#"{"ORCID":"1","name":"2"}"#]),
            Case("JSON that is CSV all the same", "[]\n1\n", Dialect(assumesCSV: true), [#"{"[]":"1"}"#]),
        ]

    /// Returns a case with an error at the start, whatever the dialect.
    private static func kind(
        _ name: String,
        _ input: Bytes,
        _ code: CSVError.Code
    ) -> [Case] {
        let error = CSVError(code, offset: 0, record: 1)
        return [("strict", Dialect.rfc4180), ("lenient", .lenient), ("without a header", Dialect(header: .none))].map {
            Case("\(name), \($0)", input, $1, [], error)
        }
    }
}
