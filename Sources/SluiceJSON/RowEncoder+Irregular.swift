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
        let isError = (count != texts.width && dialect.ragged == .error) || count > dialect.maxColumns
        if isBlank ? !skipsBlankLines : isError { return .record }
        if !isBlank {
            if texts.plan != nil {
                if let stop = encodePlannedRow(index, count: count, offset: offset, into: &buffer) { return stop }
            } else {
                let size = roomForRow(of: StructuralIndex.offset(end) - index.start, fields: count)
                guard buffer.hasRoom(for: size) else { return .full }
                let start = buffer.count
                writeRagged(index, count: count, into: &buffer)
                countAdded(from: start, in: &buffer)
            }
            if count != texts.width {
                let start = offset + UInt64(index.start)
                repairs.noteRagged(count, width: texts.width, offset: start, record: index.number)
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
            // There is room for the row.
            appendValue(start, end, of: index, to: &buffer)
            start = StructuralIndex.offset(end) + 1
        }
        finishRow(after: count, &buffer)
    }

    /// Encodes a record that was read byte by byte. An empty buffer grows if the row is larger than it.
    ///
    /// - Returns: `done`; `full` if the buffer holds rows that must be written first; `noMemory` if it cannot grow; `invalid`.
    package mutating func encode(
        _ record: SlowRecordParser,
        in window: Window,
        number: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop {
        let stop =
            texts.plan == nil
            ? encodeParsed(record, in: window, into: &buffer)
            : encodePlannedRow(record, in: window, number: number, into: &buffer)
        if stop == .done, buffer.isMarked {
            buffer.mark(
                RowBuffer.Mark(
                    outputEnd: buffer.count,
                    plainEnd: buffer.count - buffer.added,
                    inputStart: window.offset + UInt64(record.start),
                    inputEnd: window.offset + UInt64(record.next),
                    number: number
                )
            )
        }
        return stop
    }

    private mutating func encodeParsed(
        _ record: SlowRecordParser,
        in window: Window,
        into buffer: inout RowBuffer
    ) -> Stop {
        let size = roomForRow(of: record.next - record.start, fields: record.fields.count)
        if !buffer.hasRoom(for: size) {
            if buffer.count > 0 { return .full }
            guard buffer.grow(for: size) else { return .noMemory }
        }
        let start = buffer.count
        buffer.rows += 1
        for column in 0..<fieldsToWrite(record.fields.count) {
            appendKey(column, to: &buffer)
            appendValue(of: record.fields[column], in: window, to: &buffer)
        }
        finishRow(after: record.fields.count, &buffer)
        countAdded(from: start, in: &buffer)
        return .done
    }

    private func appendValue(of field: FieldSpan, in window: Window, to buffer: inout RowBuffer) {
        field.forEachPart(in: window, dialect) { bytes in
            var position = 0
            while position < bytes.count {
                let plain = plainBytes(bytes.from(position))
                // Copied before the window changes.
                unsafe buffer.append(bytes[position..<position + plain].buffer)
                position += plain
                guard position < bytes.count else { break }
                let (length, isWellFormed) = UTF8Text.subpart(bytes, at: position)
                if !isWellFormed {
                    buffer.append(UTF8Text.replacement)
                } else if length == 1 {
                    buffer.append(rendered(JSONWriter.escaped(bytes[position])))
                } else {
                    buffer.append(rendered(JSONWriter.noncharacter(bytes[position + 2])))
                }
                position += length
            }
        }
    }

    private func rendered(_ escape: String) -> [UInt8] {
        texts.isEscaped ? JSONWriter.escaped(Array(escape.utf8)) : Array(escape.utf8)
    }

    /// Counts the bytes of the last row that are there only because it goes into a string: one for each escape.
    ///
    ///     {\"a\":\"1\\n\"}    four quotes and an n: 5
    private func countAdded(from start: Int, in buffer: inout RowBuffer) {
        guard texts.isEscaped else { return }
        // The row has been written.
        let row = unsafe UnsafeRawBufferPointer(rebasing: buffer.bytes[start...])
        var (position, added) = (0, 0)
        while position < row.count {
            let isEscape = unsafe row[position] == UInt8(ascii: "\\")
            added += isEscape ? 1 : 0
            position += isEscape ? 2 : 1
        }
        buffer.added += added
    }

    /// Returns how many bytes can be copied unchanged: those before the first that is escaped, ill-formed UTF-8, U+FFFE or
    /// U+FFFF.
    private func plainBytes(_ bytes: ByteView) -> Int {
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
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
        let extra = max(0, fields - texts.width)
        return texts.emptyRowLength + texts.growth * length + extra * Self.longestExtraKey
    }

    /// The most that `","_N_M":"` takes with two numbers of 64 bits.
    private static var longestExtraKey: Int { 54 }

    private func fieldsToWrite(_ count: Int) -> Int {
        dialect.ragged == .truncate ? min(count, texts.width) : count
    }

    private mutating func appendKey(_ column: Int, to buffer: inout RowBuffer) {
        guard column >= texts.width else {
            // The texts live as long as this encoder.
            unsafe buffer.append(texts[column])
            return
        }
        while extraKeys.count <= column - texts.width {
            let names = extraNames ?? texts.header.extraNames
            extraNames = names
            extraKeys.append(texts.extraKey(column: texts.width + extraKeys.count, names))
        }
        buffer.append(extraKeys[column - texts.width])
    }

    /// Adds the fields that a record of `count` fields lacks, and ends the row.
    private mutating func finishRow(after count: Int, _ buffer: inout RowBuffer) {
        if dialect.ragged != .omit {
            for column in min(count, texts.width)..<texts.width { appendKey(column, to: &buffer) }
        }
        // There is room: it was checked for the whole row before it was begun.
        unsafe buffer.advance(to: closeRow(buffer.end))
    }
}
