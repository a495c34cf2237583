// Rejects after the parser: their messages, what the manifest counts, and the limits that end a run.

import SluiceCSV

extension ReferencePacker {
    /// Returns the messages of a span's rejects, packed as rows are: a line joins the open message if it fits.
    ///
    /// Worked example: `a,b⏎1⏎1,2⏎3⏎4,5,6⏎` with room for two lines. Records 2, 4 and 5 are ragged. Message 0 has the range
    /// 4..<12 and the records 2–4, although record 3 is a row; message 1 has the range 12..<18.
    static func rejectMessages(
        _ table: ReferenceTable,
        of span: Span,
        _ room: Int,
        _ ndjson: Bool,
        _ source: String
    ) -> [ReferenceMessage] {
        var messages: [ReferenceMessage] = []
        var lines: [[UInt8]] = []
        for reject in table.rejects where span.start <= reject.start && reject.start < span.end {
            let line = reject.json(source: source, room: room - 2)
            lines.append(line)
            let joined = body(lines, ndjson: ndjson)
            if joined.count <= room, var open = messages.popLast() {
                (open.body, open.rows) = (joined, lines.count)
                (open.rangeEnd, open.lastRecord) = (reject.end, reject.record)
                messages.append(open)
            } else {
                lines = [line]
                messages.append(
                    ReferenceMessage(
                        body: body(lines, ndjson: ndjson),
                        segment: span.segment,
                        index: messages.count,
                        rangeStart: reject.start,
                        rangeEnd: reject.end,
                        firstRecord: reject.record,
                        lastRecord: reject.record,
                        rows: 1,
                        isRejects: true
                    )
                )
            }
        }
        return messages
    }

    /// Returns the table in which the rows that fit no message are rejects with the code `rowTooLarge`.
    package static func withoutLargeRows(
        _ table: ReferenceTable,
        _ bytes: [UInt8],
        dialect: Dialect,
        room: Int,
        ndjson: Bool
    ) -> ReferenceTable {
        func fits(_ row: ReferenceRow) -> Bool { body([ReferenceJSON.row(row)], ndjson: ndjson).count <= room }
        var result = table
        result.rows = table.rows.filter(fits)
        for row in table.rows where !fits(row) {
            let error = CSVError(.rowTooLarge, offset: row.start, record: row.number)
            let record = Int(row.start)..<Int(row.end)
            let contentEnd = Int(row.contentEnd)
            result.rejects.append(ReferenceReject(error, record: record, contentEnd: contentEnd, of: bytes, dialect))
        }
        result.rejects.sort { $0.start < $1.start }
        return result
    }
}

/// How many records were put aside, as the manifest states it.
package struct ReferenceRejectCounts: Sendable, Hashable {
    package var records: UInt64 = 0
    package var lines: UInt64 = 0
    /// The records with each code.
    package var byCode: [CSVError.Code: UInt64] = [:]

    package init(_ rejects: [ReferenceReject] = []) {
        for reject in rejects {
            records += 1
            lines += reject.lines
            byCode[reject.code, default: 0] += 1
        }
    }
}

/// How many physical lines may be put aside.
package enum ReferenceRejectLimit: Sendable, Hashable {
    /// So many, checked at the end of each segment in which a record starts.
    case lines(UInt64)
    /// A share of all lines of the input in thousandths of a percent, checked at its end.
    case share(UInt64)
}

extension ReferencePacker {
    /// Returns the span at whose end the run fails with `tooManyRejects`, or nil if the limit holds. Messages up to its end were
    /// sent, those of its rejects too.
    ///
    /// If the table ends in an error, pass its ``ReferenceTable/end`` as the size of the input; the span with the error has no
    /// end that is checked.
    package static func overrun(
        _ limit: ReferenceRejectLimit,
        table: ReferenceTable,
        _ bytes: [UInt8],
        dialect: Dialect,
        inputSize: Int,
        segmentSize: Int
    ) -> Span? {
        let spans = spans(lineStarts: table.lineStarts, inputSize: inputSize, segmentSize: segmentSize)
        let complete = table.error == nil ? spans[...] : spans.dropLast()
        func rejectedLines(before end: UInt64) -> UInt64 {
            ReferenceRejectCounts(table.rejects.filter { $0.start < end }).lines
        }
        switch limit {
        case .lines(let most):
            return complete.first { rejectedLines(before: $0.end) > most }
        case .share(let most):
            guard table.error == nil, let last = complete.last else { return nil }
            let all = ReferenceParser.line(of: last.end - 1, in: bytes, dialect: dialect)
            return rejectedLines(before: last.end) * 100_000 > all * most ? last : nil
        }
    }
}
