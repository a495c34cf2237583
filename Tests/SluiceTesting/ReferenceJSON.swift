// The JSON of reference rows, written character by character: the oracle for the fast encoder.

import SluiceCSV

/// Writes rows as the documentation specifies: no spaces, keys in the header's order, all values strings.
package enum ReferenceJSON {
    /// Returns the JSON of one row: an object, or an array in a table without names.
    package static func row(_ row: ReferenceRow) -> [UInt8] {
        if let json = row.json { return json }
        let values = row.values.map(string)
        guard let keys = row.keys else {
            return Array("[\(values.joined(separator: ","))]".utf8)
        }
        let members = zip(keys, values).map { key, value in "\(string(key)):\(value)" }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    /// Returns all rows, each followed by a line feed.
    package static func lines(_ table: ReferenceTable) -> [UInt8] {
        table.rows.flatMap { row($0) + [UInt8(ascii: "\n")] }
    }

    static func string(_ utf8: [UInt8]) -> String {
        var result = "\""
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
            result += escaped(scalar)
        }
        return result + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x22: #"\""#
        case 0x5C: #"\\"#
        case 0x08: #"\b"#
        case 0x09: #"\t"#
        case 0x0A: #"\n"#
        case 0x0C: #"\f"#
        case 0x0D: #"\r"#
        case 0x00..<0x10: #"\u000"# + String(scalar.value, radix: 16)
        case 0x10..<0x20: #"\u00"# + String(scalar.value, radix: 16)
        case 0xFFFE: #"\ufffe"#
        case 0xFFFF: #"\uffff"#
        default: String(scalar)
        }
    }
}
