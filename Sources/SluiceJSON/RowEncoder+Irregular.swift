import SluiceCSV

/// Rows without exactly one field for every column, and records read byte by byte: blank lines, ragged records, long records.
extension RowEncoder {
    /// Encodes or skips one blank or ragged record of a stretch, and advances the index. Returns nil if that succeeded.
    mutating func encodeIrregularRow(
        _ index: inout StructuralIndex,
        offset: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop? {
        let last = index.lastOfRecord
        let end = index[last]
        let count = last - index.next + 1
        let isBlank = count == 1 && isBlank(index, end: end)
        let isError = dialect.ragged == .error || count > dialect.maxColumns
        if isBlank ? !skipsBlankLines : isError { return .record }
        if !isBlank {
            let size = roomForRow(of: StructuralIndex.offset(end) - index.start, fields: count)
            guard buffer.hasRoom(for: size) else { return .full }
            writeRagged(index, count: count, into: &buffer)
            if count != keys.width {
                let start = offset + UInt64(index.start)
                repairs.noteRagged(count, width: keys.width, offset: start, record: index.number)
            }
        }
        if buffer.isMarked, !isBlank {
            mark(index, end: StructuralIndex.offset(end) + 1, offset: offset, in: &buffer)
        }
        index.start = StructuralIndex.offset(end) + 1
        index.next = last + 1
        index.number += 1
        return nil
    }

    private mutating func writeRagged(_ index: StructuralIndex, count: Int, into buffer: inout RowBuffer) {
        var start = index.start
        buffer.rows += 1
        for column in 0..<fieldsToWrite(count) {
            appendKey(column, to: &buffer)
            let end = index[index.next + column]
            // The table and the index are valid during the call, and there is room for the row.
            unsafe escapes.entries.withUnsafeBufferPointer { table in
                let writer = unsafe FieldWriter(index: index, escapes: table, writeEscaped: writeEscaped)
                unsafe buffer.advance(to: writer.write(start, end, to: buffer.end))
            }
            start = StructuralIndex.offset(end) + 1
        }
        finishRow(after: count, &buffer)
    }

    /// Encodes a record that was read byte by byte. An empty buffer grows if the row is larger than it.
    ///
    /// - Returns: `done`; `full` if the buffer holds rows that must be written first; `noMemory` if it cannot grow.
    package mutating func encode(
        _ record: SlowRecordParser,
        in window: Window,
        number: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop {
        let size = roomForRow(of: record.next - record.start, fields: record.fields.count)
        if !buffer.hasRoom(for: size) {
            if buffer.count > 0 { return .full }
            guard buffer.grow(for: size) else { return .noMemory }
        }
        buffer.rows += 1
        for column in 0..<fieldsToWrite(record.fields.count) {
            appendKey(column, to: &buffer)
            appendValue(of: record.fields[column], in: window, to: &buffer)
        }
        finishRow(after: record.fields.count, &buffer)
        if buffer.isMarked {
            buffer.mark(
                RowBuffer.Mark(
                    outputEnd: buffer.count,
                    inputStart: window.offset + UInt64(record.start),
                    inputEnd: window.offset + UInt64(record.next),
                    number: number
                )
            )
        }
        return .done
    }

    private func appendValue(of field: FieldSpan, in window: Window, to buffer: inout RowBuffer) {
        let (content, tail) = field.pieces
        for (piece, isContent) in [(content, field.isQuoted), (tail, false)] {
            let bytes = window.bytes[piece]
            var position = 0
            while position < bytes.count {
                let plain = plainBytes(bytes.from(position))
                // Copied before the window changes.
                unsafe buffer.append(bytes[position..<position + plain].buffer)
                position += plain
                guard position < bytes.count else { break }
                if isContent, bytes[position] == dialect.quote { position += 1 }
                let (length, isWellFormed) = UTF8Text.subpart(bytes, at: position)
                if !isWellFormed {
                    buffer.append(UTF8Text.replacement)
                } else if length == 1 {
                    buffer.append(EscapeTable.escaped(bytes[position]).utf8)
                } else {
                    buffer.append(EscapeTable.noncharacter(bytes[position + 2]).utf8)
                }
                position += length
            }
        }
    }

    /// Returns how many bytes can be copied unchanged: those before the first that is escaped, a quote that may be half of
    /// a pair, ill-formed UTF-8, U+FFFE or U+FFFF.
    private func plainBytes(_ bytes: ByteView) -> Int {
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                let isSpecial = byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
                if isSpecial || byte == dialect.quote { break }
                position += 1
            } else {
                let (length, isWellFormed) = UTF8Text.subpart(bytes, at: position)
                if !isWellFormed || (length == 3 && isNonCharacter(bytes, at: position)) { break }
                position += length
            }
        }
        return position
    }

    /// Whether the sequence of three bytes is U+FFFE or U+FFFF.
    private func isNonCharacter(_ bytes: ByteView, at position: Int) -> Bool {
        bytes[position] == 0xEF && bytes[position + 1] == 0xBF && bytes[position + 2] >= 0xBE
    }
}

extension RowEncoder {
    /// Returns the most bytes that a row takes whose record has that many bytes and fields, including the columns that it
    /// lacks.
    private func roomForRow(of length: Int, fields: Int) -> Int {
        let extra = max(0, fields - keys.width)
        if extra > 0 { return keys.emptyRowLength + 6 * length + extra * Self.longestExtraKey }
        return keys.emptyRowLength + 6 * length
    }

    /// The length of `","_N_M":"` with two numbers of 64 bits.
    private static var longestExtraKey: Int { 50 }

    private func fieldsToWrite(_ count: Int) -> Int {
        dialect.ragged == .truncate ? min(count, keys.width) : count
    }

    private mutating func appendKey(_ column: Int, to buffer: inout RowBuffer) {
        guard column >= keys.width else {
            // The key table lives as long as this encoder.
            unsafe buffer.append(keys[column])
            return
        }
        while extraKeys.count <= column - keys.width {
            let names = extraNames ?? keys.header.extraNames
            extraNames = names
            extraKeys.append(keys.extraKey(column: keys.width + extraKeys.count, names))
        }
        buffer.append(extraKeys[column - keys.width])
    }

    /// Adds the fields that a record of `count` fields lacks, and ends the row.
    private mutating func finishRow(after count: Int, _ buffer: inout RowBuffer) {
        if dialect.ragged != .omit {
            for column in min(count, keys.width)..<keys.width { appendKey(column, to: &buffer) }
        }
        // There is room: it was checked for the whole row before it was begun.
        unsafe buffer.advance(to: closeRow(buffer.end))
    }
}
