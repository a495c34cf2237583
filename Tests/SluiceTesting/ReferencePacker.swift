// Uncompressed messages of a reference table, row by row: the oracle for the fast packer.

import SluiceCSV

/// A message as it should be sent.
package struct ReferenceMessage: Sendable, Hashable {
    package var body: [UInt8]
    package var segment: Int
    /// The message within its segment, counted from 0.
    package var index: Int
    package var rangeStart: UInt64
    package var rangeEnd: UInt64
    /// The number of the first row's record; the header and blank lines before it do not count.
    package var firstRecord: UInt64
    /// The number of the last row's record.
    package var lastRecord: UInt64
    package var rows: Int

    /// Makes a message, such as one that was really sent, to compare with.
    package init(
        body: [UInt8],
        segment: Int,
        index: Int,
        rangeStart: UInt64,
        rangeEnd: UInt64,
        firstRecord: UInt64,
        lastRecord: UInt64,
        rows: Int
    ) {
        self.body = body
        self.segment = segment
        self.index = index
        self.rangeStart = rangeStart
        self.rangeEnd = rangeEnd
        self.firstRecord = firstRecord
        self.lastRecord = lastRecord
        self.rows = rows
    }
}

/// Packs rows greedily: a row goes into the open message if it fits.
///
/// The input is tiled twice. Spans, one for each segment in which a line starts, tile the input; and the ranges of a
/// segment's messages tile its span. So a range starts where the one before it ended, and a segment's last one runs on
/// to the end of the span, over blank lines that no row follows.
///
/// Worked example: `a,b␊1,2␊3,4␊␊5,6␊`, segments of 8 bytes, room for one row a message. Lines start at 0, 4, 8, 12
/// and 13. Segment 0 has the span 0..<8 and one message, record 2. Segment 1 has the span 8..<17 and two messages:
/// 8..<12, record 3, and 12..<17, record 5, to which the blank line counts.
package enum ReferencePacker {
    /// Bytes of a message's limit that are set aside for its attributes, whatever they are.
    package static let attributeReserve = 1024

    /// The messages, the spans without rows, and the row that fits no message, at which packing stops.
    ///
    /// `room` is the most that a body may hold. If it offloads, there is no such row: it is a message of its own, larger than the limit.
    ///
    /// For a table that ends in an error, give its ``ReferenceTable/end`` as the size of the input.
    package static func messages(
        table: ReferenceTable,
        inputSize: Int,
        segmentSize: Int,
        room: Int,
        ndjson: Bool,
        offloads: Bool = false
    ) -> (messages: [ReferenceMessage], emptySpans: [(UInt64, UInt64)], tooLarge: ReferenceRow?) {
        var messages: [ReferenceMessage] = []
        var emptySpans: [(UInt64, UInt64)] = []
        for span in spans(lineStarts: table.lineStarts, inputSize: inputSize, segmentSize: segmentSize) {
            let rows = table.rows.filter { span.start <= $0.start && $0.start < span.end }
            if rows.isEmpty { emptySpans.append((span.start, span.end)) }
            var rest = rows[...]
            var start = span.start
            var index = 0
            while let first = rest.first {
                let next = message(rest, from: start, of: span, index: index, room, ndjson, offloads)
                guard let next else { return (messages, emptySpans, first) }
                messages.append(next)
                rest = rest.dropFirst(next.rows)
                start = next.rangeEnd
                index += 1
            }
        }
        return (messages, emptySpans, nil)
    }

    /// The message that begins with the first of these rows, the rest of its span; nil if that row does not fit.
    private static func message(
        _ rows: ArraySlice<ReferenceRow>,
        from start: UInt64,
        of span: Span,
        index: Int,
        _ room: Int,
        _ ndjson: Bool,
        _ offloads: Bool
    ) -> ReferenceMessage? {
        var longest: ReferenceMessage?
        var texts: [[UInt8]] = []
        // `[`, and with each row the `,` or `]` after it; or with each row the line feed after it.
        var bodySize = ndjson ? 0 : 1
        for (count, row) in zip(1..., rows) {
            let message = ReferenceMessage(
                body: [],
                segment: span.segment,
                index: index,
                rangeStart: start,
                rangeEnd: count == rows.count ? span.end : row.end,
                firstRecord: longest?.firstRecord ?? row.number,
                lastRecord: row.number,
                rows: count
            )
            let text = ReferenceJSON.row(row)
            texts.append(text)
            bodySize += text.count + 1
            let fits = bodySize <= room
            // Of a row that fits none, the message is that row's alone.
            if fits || (offloads && count == 1) { longest = message }
            if !fits { break }
        }
        guard var message = longest else { return nil }
        message.body = body(texts.prefix(message.rows), ndjson: ndjson)
        return message
    }

    private static func body(_ rows: ArraySlice<[UInt8]>, ndjson: Bool) -> [UInt8] {
        if ndjson { return rows.flatMap { $0 + Array("\n".utf8) } }
        return Array("[".utf8) + rows.joined(separator: Array(",".utf8)) + Array("]".utf8)
    }
}

extension ReferencePacker {
    /// The part of the input that a segment's messages cover.
    package struct Span: Sendable, Hashable {
        package var segment: Int
        package var start: UInt64
        package var end: UInt64
    }

    /// From each segment's first line start to the next such; the first span starts at 0, the last ends with the input.
    package static func spans(lineStarts: [UInt64], inputSize: Int, segmentSize: Int) -> [Span] {
        if inputSize == 0 { return [] }
        let first = Int(lineStarts.first ?? 0) / segmentSize
        var spans = [Span(segment: first, start: 0, end: UInt64(inputSize))]
        for start in lineStarts where Int(start) / segmentSize != spans[spans.count - 1].segment {
            spans[spans.count - 1].end = start
            spans.append(Span(segment: Int(start) / segmentSize, start: start, end: UInt64(inputSize)))
        }
        return spans
    }
}
