// Hand-written cases of records that are put aside: what remains, and what the rejects are.

import SluiceCSV
import SluiceJSON

/// What a case says of a reject.
package struct ExpectedReject: Sendable, Hashable {
    package var code: CSVError.Code
    /// The record, and the offsets of its first byte and of the one past its line end.
    package var record: UInt64
    package var start: UInt64
    package var end: UInt64
    /// The physical line of its first byte, and how many lines it takes.
    package var line: UInt64
    package var lines: UInt64
    /// The offset of the error, and its field if it concerns one.
    package var errorOffset: UInt64
    package var field: Int?

    package init(
        _ code: CSVError.Code,
        _ record: UInt64,
        _ range: Range<UInt64>,
        line: UInt64,
        lines: UInt64 = 1,
        at errorOffset: UInt64,
        field: Int? = nil
    ) {
        (self.code, self.record, start, end) = (code, record, range.lowerBound, range.upperBound)
        (self.line, self.lines, self.errorOffset, self.field) = (line, lines, errorOffset, field)
    }
}

/// A case with its rejects.
package struct RejectCase: Sendable, Hashable, CustomStringConvertible {
    /// Its rows and the error that ends the run are those of a run that puts bad records aside.
    package var base: Case
    package var rejects: [ExpectedReject]

    init(
        _ name: String,
        _ input: Bytes,
        _ dialect: Dialect = .rfc4180,
        _ rows: [String] = [],
        _ rejects: [ExpectedReject] = [],
        error: CSVError? = nil
    ) {
        base = Case(name, input, dialect, rows, error)
        self.rejects = rejects
    }

    /// Returns the case with rows in another shape.
    func shaped(_ change: (inout RowShape) -> Void) -> RejectCase {
        var copy = self
        change(&copy.base.shape)
        return copy
    }

    package var description: String { base.name }
}

extension Cases {
    /// The cases of rejects.
    package static let rejects: [RejectCase] = [
        rejectedQuotes, rejectedLineEnds, rejectedUnclosed, unclosedToNextLine, rejectedRecords, rejectedValues,
        rejectLimits,
        rejectStarts,
    ].flatMap(\.self)

    private static let nextLine = Dialect(unterminated: .nextLine)

    private static func nextLine(_ maxRecord: Int) -> Dialect {
        Dialect(unterminated: .nextLine, maxRecord: maxRecord)
    }

    private static func further(_ base: Dialect = .rfc4180, _ change: (inout Dialect) -> Void) -> Dialect {
        var dialect = base
        change(&dialect)
        return dialect
    }

    // swift-format-ignore
    private static let rejectedQuotes: [RejectCase] = [
        RejectCase("rejects: none in a good input", "a,b\n1,2\n\n\"3\n\",4\n", .rfc4180,
            [#"{"a":"1","b":"2"}"#, #"{"a":"3\n","b":"4"}"#]),
        RejectCase("rejects: a lost quote costs the rows up to the next quote", "a,b\n1,\"lost\n2,\"ok\"\n3,x\n", .rfc4180,
            [#"{"a":"3","b":"x"}"#],
            [ExpectedReject(.textAfterQuote, 2, 4..<19, line: 2, lines: 2, at: 15, field: 2)]),
        RejectCase("rejects: a lost quote without a header", "1,\"lost\n2,\"ok\"\n3,x\n", Dialect(header: .none),
            [#"["3","x"]"#],
            [ExpectedReject(.textAfterQuote, 1, 0..<15, line: 1, lines: 2, at: 11, field: 2)]),
        RejectCase("rejects: a quote that is not the first byte has no quoting", "a,b\n1,x \"y\n2,z\"\n3,4\n", .rfc4180,
            [#"{"a":"3","b":"4"}"#],
            [ExpectedReject(.quoteInPlain, 2, 4..<11, line: 2, at: 8, field: 2),
             ExpectedReject(.quoteInPlain, 3, 11..<16, line: 3, at: 14, field: 2)]),
        RejectCase("rejects: a value closed before has no quoting", "a,b\n1,\"x\" \"y\n2,z\n", .rfc4180,
            [#"{"a":"2","b":"z"}"#],
            [ExpectedReject(.textAfterQuote, 2, 4..<13, line: 2, at: 9, field: 2)]),
        RejectCase("rejects: a later value of the record that is quoted holds its lines", "a,b\nx\",\"1\n2\n\"\n3,4\n", .rfc4180,
            [#"{"a":"3","b":"4"}"#],
            [ExpectedReject(.quoteInPlain, 2, 4..<14, line: 2, lines: 3, at: 5, field: 1)]),
        RejectCase("rejects: a delimiter after the closed value ends its text", "a,b\n\"x\"y,\"1\n2\"\n3,4\n", .rfc4180,
            [#"{"a":"3","b":"4"}"#],
            [ExpectedReject(.textAfterQuote, 2, 4..<15, line: 2, lines: 2, at: 7, field: 1)]),
        RejectCase("rejects: what the dialect accepts is a row", "a,b\nx\",1\n\"y\"z,2\n3\"\n", Dialect(quoteInPlain: .data),
            [#"{"a":"x\"","b":"1"}"#],
            [ExpectedReject(.textAfterQuote, 3, 9..<16, line: 3, at: 12, field: 1),
             ExpectedReject(.raggedRecord, 4, 16..<19, line: 4, at: 16, field: 2)]),
        RejectCase("rejects: spaces around quotes", "a,b\n1, \"x\n2\"\n3,4\n", .rfc4180,
            [#"{"a":"3","b":"4"}"#],
            [ExpectedReject(.quoteInPlain, 2, 4..<10, line: 2, at: 7, field: 2),
             ExpectedReject(.quoteInPlain, 3, 10..<13, line: 3, at: 11, field: 1)]),
        RejectCase("rejects: an escaped quote does not close", "a,b\n1,\"x\\\"\n\"y\n2,3\n", further { $0.escape = 0x5C },
            [#"{"a":"2","b":"3"}"#],
            [ExpectedReject(.textAfterQuote, 2, 4..<14, line: 2, lines: 2, at: 12, field: 2)]),
    ]

    // swift-format-ignore
    private static let rejectedLineEnds: [RejectCase] = [
        RejectCase("rejects: a bare CR does not end the record", "a,b\n1,x\r2,y\n3,4\n", .rfc4180,
            [#"{"a":"3","b":"4"}"#],
            [ExpectedReject(.bareCR, 2, 4..<12, line: 2, at: 7, field: 2)]),
        RejectCase("rejects: a bare CR that is a line end does, and counts as one", "a,b\r1,x\"\r2,y\r",
            Dialect(bareCR: .newline), [#"{"a":"2","b":"y"}"#],
            [ExpectedReject(.quoteInPlain, 2, 4..<9, line: 2, at: 7, field: 2)]),
        RejectCase("rejects: a bare CR that is data does not", "a,b\n1,x\"\r\n2\"\r,y\n3,4\n", Dialect(bareCR: .data),
            [#"{"a":"3","b":"4"}"#],
            [ExpectedReject(.quoteInPlain, 2, 4..<10, line: 2, at: 7, field: 2),
             ExpectedReject(.quoteInPlain, 3, 10..<16, line: 3, at: 11, field: 1)]),
        RejectCase("rejects: a bare CR as the last byte", "a,b\n1,2\n3,4\r", .rfc4180,
            [#"{"a":"1","b":"2"}"#],
            [ExpectedReject(.bareCR, 3, 8..<12, line: 3, at: 11, field: 2)]),
        RejectCase("rejects: a bare CR before quotes that open later", "a,b\n1\r,\"2\n3\"\n4,5\n", .rfc4180,
            [#"{"a":"4","b":"5"}"#],
            [ExpectedReject(.bareCR, 2, 4..<13, line: 2, lines: 2, at: 5, field: 1)]),
        RejectCase("rejects: a bare CR in a comment", "a\n#x\r1\n2\n", further { $0.comments = [[0x23]] },
            [#"{"a":"2"}"#],
            [ExpectedReject(.bareCR, 2, 2..<7, line: 2, at: 4, field: 1)]),
        RejectCase("rejects: CR LF", "a,b\r\n1,x\"\r\n2,\"y\r\n\"z\r\n3,4\r\n", .rfc4180,
            [#"{"a":"3","b":"4"}"#],
            [ExpectedReject(.quoteInPlain, 2, 5..<11, line: 2, at: 8, field: 2),
             ExpectedReject(.textAfterQuote, 3, 11..<21, line: 3, lines: 2, at: 18, field: 2)]),
    ]

    // swift-format-ignore
    private static let rejectedUnclosed: [RejectCase] = [
        RejectCase("rejects: inside quotes at the end", "a,b\n1,2\n3,\"4\n5,6\n", .rfc4180,
            [#"{"a":"1","b":"2"}"#],
            [ExpectedReject(.unterminatedQuote, 3, 8..<17, line: 3, lines: 2, at: 10, field: 2)]),
        RejectCase("rejects: inside quotes at the end, without a line end", "a,b\n\"", .rfc4180, [],
            [ExpectedReject(.unterminatedQuote, 2, 4..<5, line: 2, at: 4, field: 1)]),
        RejectCase("rejects: inside quotes at the end if the end closes them", "a,b\n1,\"4\n5,6\n", Dialect(unterminated: .close),
            [#"{"a":"1","b":"4\n5,6\n"}"#]),
        RejectCase("rejects: a short record that the end closes", "a,b\n\"4\n5,6\n", Dialect(unterminated: .close), [],
            [ExpectedReject(.raggedRecord, 2, 4..<11, line: 2, lines: 2, at: 4, field: 2)]),
        RejectCase("rejects: another error before quotes that are never closed", "a,b\nx\",\"4\n5,6\n", .rfc4180, [],
            [ExpectedReject(.quoteInPlain, 2, 4..<14, line: 2, lines: 2, at: 5, field: 1)]),
    ]

    // swift-format-ignore
    private static let unclosedToNextLine: [RejectCase] = [
        RejectCase("next line: at the end of the input", "a,b\n1,2\n3,\"4\n5,6\n7,8\n", nextLine,
            [#"{"a":"1","b":"2"}"#, #"{"a":"5","b":"6"}"#, #"{"a":"7","b":"8"}"#],
            [ExpectedReject(.unterminatedQuote, 3, 8..<13, line: 3, at: 10, field: 2)]),
        RejectCase("next line: a quote that a later one closes is not unclosed", "a,b\n1,\"lost\n2,\"ok\"\n3,x\n", nextLine,
            [#"{"a":"3","b":"x"}"#],
            [ExpectedReject(.textAfterQuote, 2, 4..<19, line: 2, lines: 2, at: 15, field: 2)]),
        RejectCase("next line: without a line after it", "a,b\n3,\"4", nextLine, [],
            [ExpectedReject(.unterminatedQuote, 2, 4..<8, line: 2, at: 6, field: 2)]),
        RejectCase("next line: the record's lines before the quote are part of it", "a,b\n\"1\n2\",\"3\r\n4,5\r\n", nextLine,
            [#"{"a":"4","b":"5"}"#],
            [ExpectedReject(.unterminatedQuote, 2, 4..<14, line: 2, lines: 2, at: 10, field: 2)]),
        RejectCase("next line: another error before the quote", "a,b\nx\",\"3\n4,5\n", nextLine,
            [#"{"a":"4","b":"5"}"#],
            [ExpectedReject(.quoteInPlain, 2, 4..<10, line: 2, at: 5, field: 1)]),
        RejectCase("next line: a later line's quotes mean what they mean without the first one", "a\n\"1\n\"\"2\n3\n", nextLine,
            [#"{"a":"3"}"#],
            [ExpectedReject(.unterminatedQuote, 2, 2..<5, line: 2, at: 2, field: 1),
             ExpectedReject(.textAfterQuote, 3, 5..<9, line: 3, at: 7, field: 1)]),
        RejectCase("next line: a bare CR does not end the line", "a\n\"1\r2\n3\n", nextLine,
            [#"{"a":"3"}"#],
            [ExpectedReject(.unterminatedQuote, 2, 2..<7, line: 2, at: 2, field: 1)]),
        RejectCase("next line: a bare CR that is a line end does", "a\n\"1\r2\n3\n", Dialect(bareCR: .newline, unterminated: .nextLine),
            [#"{"a":"2"}"#, #"{"a":"3"}"#],
            [ExpectedReject(.unterminatedQuote, 2, 2..<5, line: 2, at: 2, field: 1)]),
        RejectCase("next line: the record limit is reached in quotes", "a\n\"12\n34567\n8\"\n9\n", nextLine(8),
            [#"{"a":"34567"}"#, #"{"a":"9"}"#],
            [ExpectedReject(.unterminatedQuote, 2, 2..<6, line: 2, at: 2, field: 1),
             ExpectedReject(.quoteInPlain, 4, 12..<15, line: 4, at: 13, field: 1)]),
        RejectCase("next line: the closing quote beyond the limit is not seen", "a\n\"12\n345\"\n", nextLine(7), [],
            [ExpectedReject(.unterminatedQuote, 2, 2..<6, line: 2, at: 2, field: 1),
             ExpectedReject(.quoteInPlain, 3, 6..<11, line: 3, at: 9, field: 1)]),
        RejectCase("next line: the closing quote just within the limit", "a\n\"12\n345\"\n", nextLine(8),
            [#"{"a":"12\n345"}"#]),
        RejectCase("next line: the second of two quotes beyond the limit", "a\n\"1\n2\"\"3\"\n", nextLine(5), [],
            [ExpectedReject(.unterminatedQuote, 2, 2..<5, line: 2, at: 2, field: 1),
             ExpectedReject(.quoteInPlain, 3, 5..<11, line: 3, at: 6, field: 1)]),
        RejectCase("next line: the limit outside quotes ends the run", "a\n\"1\n2\"xy\n3\n", nextLine(6), [], [],
            error: CSVError(.recordTooLong, offset: 2, record: 2)),
        RejectCase("next line: a line as long as allowed", "a\n\"123\n4\n", nextLine(4), [#"{"a":"4"}"#],
            [ExpectedReject(.unterminatedQuote, 2, 2..<7, line: 2, at: 2, field: 1)]),
        RejectCase("next line: a line longer than allowed ends the run", "a\n1\n\"1234\n4\n", nextLine(4), [#"{"a":"1"}"#], [],
            error: CSVError(.recordTooLong, offset: 4, record: 3)),
    ]

    // swift-format-ignore
    private static let rejectedRecords: [RejectCase] = [
        RejectCase("rejects: short and long records", "a,b\n1\n2,3\n4,5,6\n", .rfc4180,
            [#"{"a":"2","b":"3"}"#],
            [ExpectedReject(.raggedRecord, 2, 4..<6, line: 2, at: 4, field: 2),
             ExpectedReject(.raggedRecord, 4, 10..<16, line: 4, at: 10, field: 3)]),
        RejectCase("rejects: a short record with quoted line ends", "a,b\n\"1\n\n2\"\n3,4\n", .rfc4180,
            [#"{"a":"3","b":"4"}"#],
            [ExpectedReject(.raggedRecord, 2, 4..<11, line: 2, lines: 3, at: 4, field: 2)]),
        RejectCase("rejects: blank lines", "a,b\n\n1,2\n\r\n", Dialect(blankLines: .error),
            [#"{"a":"1","b":"2"}"#],
            [ExpectedReject(.blankLine, 2, 4..<5, line: 2, at: 4),
             ExpectedReject(.blankLine, 4, 9..<11, line: 4, at: 9)]),
        RejectCase("rejects: bytes that are not UTF-8", "a,b\n1,2\n3,x\(0xC3)\n\"4\n\(0xFF)\",5\n", .rfc4180,
            [#"{"a":"1","b":"2"}"#],
            [ExpectedReject(.invalidUTF8, 3, 8..<13, line: 3, at: 11, field: 2),
             ExpectedReject(.invalidUTF8, 4, 13..<21, line: 4, lines: 2, at: 16, field: 1)]),
        RejectCase("rejects: the last record", "a\n1\n2\"", .rfc4180, [#"{"a":"1"}"#],
            [ExpectedReject(.quoteInPlain, 3, 4..<6, line: 3, at: 5, field: 1)]),
        RejectCase("rejects: all records", "a\n1,2\n3,4\n", .rfc4180, [],
            [ExpectedReject(.raggedRecord, 2, 2..<6, line: 2, at: 2, field: 2),
             ExpectedReject(.raggedRecord, 3, 6..<10, line: 3, at: 6, field: 2)]),
        RejectCase("rejects: too many columns", "a,b\n1,2,\"3\n4\n\"\n5,6\n", Dialect(maxColumns: 2),
            [#"{"a":"5","b":"6"}"#],
            [ExpectedReject(.tooManyColumns, 2, 4..<15, line: 2, lines: 3, at: 4)]),
    ]

    // swift-format-ignore
    private static let rejectedValues: [RejectCase] = [
        RejectCase("rejects: a value of another type", "a,b\n1,x\n2,3\n4,\"y\nz\"\n", .rfc4180,
            [#"{"a":"2","b":3}"#],
            [ExpectedReject(.typeMismatch, 2, 4..<8, line: 2, at: 6, field: 2),
             ExpectedReject(.typeMismatch, 4, 12..<20, line: 4, lines: 2, at: 14, field: 2)]
        ).shaped { $0.types = [type("b", "integer")] },
        RejectCase("rejects: a value that breaks a constraint", "a\n1\n12\n", .rfc4180,
            [#"{"a":"1"}"#],
            [ExpectedReject(.constraint, 3, 4..<7, line: 3, at: 4, field: 1)]
        ).shaped { $0.schema = TableSchema(fields: [shortText("a")]) },
    ]

    // swift-format-ignore
    private static let rejectLimits: [RejectCase] = [
        RejectCase("rejects: a record that is too long ends the run", "a\n1\"\n12345\n6\n", Dialect(maxRecord: 4), [],
            [ExpectedReject(.quoteInPlain, 2, 2..<5, line: 2, at: 3, field: 1)],
            error: CSVError(.recordTooLong, offset: 5, record: 3)),
        RejectCase("rejects: a bad record that is too long ends the run", "a\n1\"234\n5\n", Dialect(maxRecord: 4), [], [],
            error: CSVError(.recordTooLong, offset: 2, record: 2)),
        RejectCase("rejects: so does a bad record whose quotes hold too much", "a,b\nx\",\"1\n2\n3\"\n", Dialect(maxRecord: 6), [], [],
            error: CSVError(.recordTooLong, offset: 4, record: 2)),
        RejectCase("rejects: a bad record as long as allowed", "a\n1\"23\n5\n", Dialect(maxRecord: 4), [#"{"a":"5"}"#],
            [ExpectedReject(.quoteInPlain, 2, 2..<7, line: 2, at: 3, field: 1)]),
        RejectCase("rejects: inside quotes at the record limit", "a\n\"1234\n5\n", Dialect(maxRecord: 4), [], [],
            error: CSVError(.recordTooLong, offset: 2, record: 2)),
    ]

    // swift-format-ignore
    private static let rejectStarts: [RejectCase] = [
        RejectCase("rejects: a bad header ends the run", "a,b\"\n1,2\n", .rfc4180, [], [],
            error: CSVError(.quoteInPlain, offset: 3, record: 1, field: 2)),
        RejectCase("rejects: a header with an unclosed quote ends the run", "a,\"b\n1,2\n", nextLine, [], [],
            error: CSVError(.unterminatedQuote, offset: 2, record: 1, field: 2)),
        RejectCase("rejects: a blank line before the header ends the run", "\na\n1\n", Dialect(blankLines: .error), [], [],
            error: CSVError(.blankLine, offset: 0, record: 1)),
        RejectCase("rejects: a record between header rows ends the run", "a\nx\"\nb\n1\n", further { $0.headerRows = [1, 3] }, [], [],
            error: CSVError(.quoteInPlain, offset: 3, record: 2)),
        RejectCase("rejects: equal names end the run", "a,a\n1,2\n", .rfc4180, [], [],
            error: CSVError(.duplicateHeader, offset: 0, record: 1, field: 2)),
        RejectCase("rejects: UTF-16 ends the run", "\(0xFF, 0xFE)a\(0)", .rfc4180, [], [],
            error: CSVError(.utf16Input, offset: 0, record: 1)),
        RejectCase("rejects: a bare CR in a skipped line ends the run", "x\ry\na\n1\n", further { $0.skippedLines = 1 }, [], [],
            error: CSVError(.bareCR, offset: 1, record: 1)),
        RejectCase("rejects: given names need no record", "x\"\n1\n", Dialect(header: .names(["a"])), [#"{"a":"1"}"#],
            [ExpectedReject(.quoteInPlain, 1, 0..<3, line: 1, at: 1, field: 1)]),
        RejectCase("rejects: after a byte order mark", "\u{FEFF}a\n1\"\n2\n", .rfc4180, [#"{"a":"2"}"#],
            [ExpectedReject(.quoteInPlain, 2, 5..<8, line: 2, at: 6, field: 1)]),
        RejectCase("rejects: the first row gives the number of fields", "\"1\"x,2\n3\n\(0xFF),4\n5\n6,7\n", Dialect(header: .none),
            [#"["3"]"#, #"["5"]"#],
            [ExpectedReject(.textAfterQuote, 1, 0..<7, line: 1, at: 3, field: 1),
             ExpectedReject(.raggedRecord, 3, 9..<13, line: 3, at: 9, field: 2),
             ExpectedReject(.raggedRecord, 5, 15..<19, line: 5, at: 15, field: 2)]),
        RejectCase("rejects: a first record that is not UTF-8 gives no number of fields", "\(0xFF),4\n5\n", Dialect(header: .none),
            [#"["5"]"#],
            [ExpectedReject(.invalidUTF8, 1, 0..<4, line: 1, at: 0, field: 1)]),
        RejectCase("rejects: a skipped record is one of those to skip", "a\nx\"\n1\n\(0xFF),2\n3\n", further { $0.skippedAfterHeader = 1 },
            [#"{"a":"1"}"#, #"{"a":"3"}"#],
            [ExpectedReject(.quoteInPlain, 2, 2..<5, line: 2, at: 3, field: 1),
             ExpectedReject(.raggedRecord, 4, 7..<11, line: 4, at: 7, field: 2)]),
        RejectCase("rejects: a skipped record with other faults is not checked", "a\n\(0xFF),2\n3\n", further { $0.skippedAfterHeader = 1 },
            [#"{"a":"3"}"#]),
    ]

    /// A field of at most one character.
    private static func shortText(_ name: String) -> TableSchema.Field {
        var field = TableSchema.Field(name: Array(name.utf8))
        field.rule.constraints = [.maxLength(1)]
        return field
    }
}
