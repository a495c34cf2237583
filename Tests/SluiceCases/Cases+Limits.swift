// Cases of the limits for a record's length and its number of fields.

import SluiceCSV

extension Cases {
    private static func strict(_ bytes: Int) -> Dialect { Dialect(maxRecord: bytes) }

    private static func lenient(_ bytes: Int) -> Dialect {
        var dialect = Dialect.lenient
        dialect.maxRecord = bytes
        return dialect
    }

    private static func data(_ bytes: Int) -> Dialect { Dialect(bareCR: .data, maxRecord: bytes) }

    private static func columns(_ count: Int) -> Dialect {
        var dialect = Dialect.lenient
        dialect.maxColumns = count
        return dialect
    }

    private static func tooLong(_ offset: UInt64, _ record: UInt64) -> CSVError {
        CSVError(.recordTooLong, offset: offset, record: record)
    }

    // swift-format-ignore
    static let limits: [Case] = [
        Case("as long as allowed", "a,b\n12,3\n", strict(4), [#"{"a":"12","b":"3"}"#]),
        Case("as long as allowed, CR LF", "a,b\r\n12,3\r\n", strict(4), [#"{"a":"12","b":"3"}"#]),
        Case("as long as allowed, at the end", "a,b\n12,3", strict(4), [#"{"a":"12","b":"3"}"#]),
        Case("as long as allowed, CR LF at the end", "a,b\n12,3\r\n", strict(4), [#"{"a":"12","b":"3"}"#]),
        Case("a byte too long", "a,b\n1,2\n12,34\n", strict(4), [#"{"a":"1","b":"2"}"#], tooLong(8, 3)),
        Case("a byte too long, CR LF", "a,b\r\n12,34\r\n", strict(4), [], tooLong(5, 2)),
        Case("a byte too long, at the end", "a,b\n12,34", strict(4), [], tooLong(4, 2)),
        Case("a byte too long, lenient", "a,b\n12,34\n5\n", lenient(4), [], tooLong(4, 2)),
        Case("an empty field too long", "a,b\n123,\n", strict(3), [], tooLong(4, 2)),
        Case("the header too long", "a,bcd\n1,2\n", strict(4), [], tooLong(0, 1)),
        Case("the header too long, after a mark", "\u{FEFF}a,bcd\n1,2\n", lenient(4), [], tooLong(3, 1)),
        Case("quotes count", "a\n\"12\"\n", strict(4), [#"{"a":"12"}"#]),
        Case("quotes count, a byte too long", "a\n\"123\"\n", strict(4), [], tooLong(2, 2)),
        Case("the closing quote too long, at the end", "a\n\"123\"", lenient(4), [], tooLong(2, 2)),
        Case("a doubled quote that just fits", "a\n\"12\"\"\"\n", strict(6), [#"{"a":"12\""}"#]),
        Case("a doubled quote of which half fits", "a\n\"123\"\"\"\n", strict(5), [], tooLong(2, 2)),
        Case("a doubled quote of which half fits, at the end", "a\n\"123\"\"", lenient(5), [], tooLong(2, 2)),
        Case("a quote that is never closed", "a\n\"1234567\n8\n9\n", lenient(4), [], tooLong(2, 2)),
        Case("a quote that is never closed, within the limit", "a\n\"123", lenient(4), [#"{"a":"123"}"#]),
        Case("a line end in quotes counts", "a\n\"1\n2\"\n", strict(4), [], tooLong(2, 2)),
        Case("an error within the limit", "a,b\n1\"2345678,9\n", strict(4), [],
             CSVError(.quoteInPlain, offset: 5, record: 2)),
        Case("an error past the limit", "a,b\n12345\"6,7\n", strict(4), [], tooLong(4, 2)),
        Case("text after a quote at the limit", "a\n\"12\"3\n", strict(4), [], tooLong(2, 2)),
        Case("a CR at the limit, strict", "a,b\n12,3\r4\n", strict(4), [],
             CSVError(.bareCR, offset: 8, record: 2, field: 2)),
        Case("a CR at the limit, lenient", "a,b\n12,3\r4,5\n", lenient(4),
             [#"{"a":"12","b":"3"}"#, #"{"a":"4","b":"5"}"#]),
        Case("a CR at the limit, data", "a,b\n12,3\r4\n", data(4), [], tooLong(4, 2)),
        Case("a CR before the limit, data", "a,b\n12,\r\n", data(4), [#"{"a":"12","b":""}"#]),
        Case("records of one byte", "a\n1\n2\n", strict(1), [#"{"a":"1"}"#, #"{"a":"2"}"#]),
        Case("as many columns as allowed", "a,b\n1,2\n", columns(2), [#"{"a":"1","b":"2"}"#]),
        Case("too many columns", "a,b,c\n1,2\n", columns(2), [],
             CSVError(.tooManyColumns, offset: 0, record: 1, field: 3)),
        Case("too many fields", "a,b\n1,2\n1,2,\n", columns(2), [#"{"a":"1","b":"2"}"#],
             CSVError(.tooManyColumns, offset: 8, record: 3, field: 3)),
        Case("too many fields in quotes", "a,b\n1,2,\"3\"\n", columns(2), [],
             CSVError(.tooManyColumns, offset: 4, record: 2, field: 3)),
    ]
}
