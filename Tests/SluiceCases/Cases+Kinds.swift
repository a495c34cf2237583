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
        + kind("a sep= line", "sep=;\r\na;b\r\n", .sepLine)
        + kind("a quoted sep= line", "\"sep=,\"\na,b\n", .sepLine)
        + [
            Case("a header that starts like zip", "PK,name\n1,2\n", .rfc4180, [#"{"PK":"1","name":"2"}"#]),
            Case("a header that starts like JSON", "[id],[name]\n1,2\n", .rfc4180, [#"{"[id]":"1","[name]":"2"}"#]),
            Case(
                "a header that starts like markup",
                "<id>,<name>\n1,2\n",
                .rfc4180,
                [#"{"<id>":"1","<name>":"2"}"#]
            ),
            Case("a header that starts like ORC", "ORCID,name\n1,2\n", .rfc4180, [#"{"ORCID":"1","name":"2"}"#]),
            Case("JSON read as CSV", "[]\n1\n", Dialect(assumesCSV: true), [#"{"[]":"1"}"#]),
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
