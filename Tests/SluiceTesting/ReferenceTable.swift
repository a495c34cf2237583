import SluiceCSV

/// A row of the table as a consumer sees it.
package struct ReferenceRow: Sendable, Hashable {
    /// The record's number, counted from 1, including the header, blank lines and comments.
    package var number: UInt64
    /// The offset of the record's first byte.
    package var start: UInt64
    /// The offset of the record's EOL, or of the end of the input.
    package var contentEnd: UInt64
    /// The offset past the record's EOL.
    package var end: UInt64
    /// The values: unescaped, well-formed UTF-8, adjusted in number by the policy for ragged records.
    package var values: [[UInt8]]
    /// A name for each value, or nil in a table without names.
    package var keys: [[UInt8]]?
    /// The row's JSON, if it is in another shape than one string for each column.
    package var json: [UInt8]?

    /// Creates a row.
    init(_ record: ReferenceRecord, values: [[UInt8]], keys: [[UInt8]]?) {
        number = record.number
        start = record.start
        contentEnd = UInt64(record.contentEnd)
        end = record.end
        self.values = values
        self.keys = keys
    }
}

/// The contents of an input, up to its first error.
package struct ReferenceTable: Sendable, Hashable {
    /// The names of the columns, made unique, or nil if there are none or the header was not reached.
    package var header: [[UInt8]]?
    /// The rows before the error.
    package var rows: [ReferenceRow] = []
    /// The first error, or nil if the whole input is valid.
    package var error: CSVError?
    /// The repairs in the records before the error, each with its place.
    package var repairs: [ReferenceRepair] = []
    /// The records that were put aside, in order.
    package var rejects: [ReferenceReject] = []
    /// The starts of the records before the error, including the header, blank lines, comments, skipped records and rejects.
    package var lineStarts: [UInt64] = []
    /// The end of the last record before the error or, without records, where the first one would start.
    package var end: UInt64 = 0
}

/// A violation that a strict dialect refuses and this one accepted.
package struct ReferenceRepair: Sendable, Hashable {
    package var code: CSVError.Code
    package var offset: UInt64
    package var record: UInt64
    package var field: Int
}
