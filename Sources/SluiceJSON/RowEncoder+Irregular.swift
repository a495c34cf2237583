import SluiceCSV

/// Rows without exactly one field for every column, and records read byte by byte: blank lines, ragged records, long records.
extension RowEncoder {
    /// Encodes or skips one blank or ragged record of a stretch, and advances the index. Returns nil if that succeeded.
    mutating func encodeIrregularRow(
        _ index: inout StructuralIndex,
        offset: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop? {
        var last = index.next
        while index.fieldEnds[last] & StructuralIndex.record == 0 { last += 1 }
        let end = index.fieldEnds[last]
        let count = last - index.next + 1
        let isBlank = count == 1 && isBlank(index, end: end)
        let isError = dialect.ragged == .error || count > dialect.maxColumns
        if isBlank ? !skipsBlankLines : isError { return .record }
        if !isBlank {
            let size = roomForRow(of: StructuralIndex.offset(end) - index.start, fields: count)
            guard buffer.hasRoom(for: size) else { return .full }
            writeRagged(index, count: count, into: &buffer)
            if count != keys.width { noteRagged(index, count: count, offset: offset) }
        }
        if buffer.isMarked, !isBlank {
            mark(index, end: StructuralIndex.offset(end) + 1, offset: offset, in: &buffer)
        }
        index.start = StructuralIndex.offset(end) + 1
        index.next = last + 1
        index.number += 1
        return nil
    }

    private mutating func noteRagged(_ index: StructuralIndex, count: Int, offset: UInt64) {
        let place = Repairs.Place(
            offset: offset + UInt64(index.start),
            record: index.number,
            field: min(count, keys.width) + 1
        )
        repairs.note(.raggedRecord, at: place)
    }

    private mutating func writeRagged(_ index: StructuralIndex, count: Int, into buffer: inout RowBuffer) {
        var start = index.start
        buffer.rows += 1
        for column in 0..<fieldsToWrite(count) {
            appendKey(column, to: &buffer)
            let end = index.fieldEnds[index.next + column]
            buffer.count = escapes.entries.withUnsafeBufferPointer { table in
                FieldWriter(index: index, escapes: table, escape: escape)
                    .write(start, end, to: buffer.base + buffer.count) - buffer.base
            }
            start = StructuralIndex.offset(end) + 1
        }
        finishRow(after: count, &buffer)
    }

    /// Encodes a record that was read byte by byte. An empty buffer grows if the row is larger than it.
    ///
    /// - Returns: `done`; `full` if the buffer holds rows that must be written first; `noMemory` if it cannot grow.
    package mutating func encode(
        _ raw: SlowRecordParser,
        in window: Window,
        number: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop {
        let size = roomForRow(of: raw.next - raw.start, fields: raw.fields.count)
        if !buffer.hasRoom(for: size) {
            if buffer.count > 0 { return .full }
            guard buffer.grow(for: size) else { return .noMemory }
        }
        buffer.rows += 1
        for column in 0..<fieldsToWrite(raw.fields.count) {
            appendKey(column, to: &buffer)
            appendValue(of: raw.fields[column], in: window, to: &buffer)
        }
        finishRow(after: raw.fields.count, &buffer)
        if buffer.isMarked {
            buffer.mark(
                RowBuffer.Mark(
                    outputEnd: buffer.count,
                    inputStart: window.offset + UInt64(raw.start),
                    inputEnd: window.offset + UInt64(raw.next),
                    number: number
                )
            )
        }
        return .done
    }

    private func appendValue(of field: FieldSpan, in window: Window, to buffer: inout RowBuffer) {
        let (content, tail) = field.pieces
        for (piece, isContent) in [(content, field.isQuoted), (tail, false)] {
            var position = piece.lowerBound
            while position < piece.upperBound {
                let plain = plainBytes(window.base + position, count: piece.upperBound - position)
                append(UnsafeBufferPointer(start: window.base + position, count: plain), to: &buffer)
                position += plain
                guard position < piece.upperBound else { break }
                if isContent, window[position] == dialect.quote { position += 1 }
                let here = window.base + position
                let (length, isWellFormed) = UTF8Text.subpart(here, count: piece.upperBound - position)
                if !isWellFormed {
                    append(UTF8Text.replacement, to: &buffer)
                } else if length == 1 {
                    append(EscapeTable.escaped(here[0]).utf8, to: &buffer)
                } else {
                    append((here[2] == 0xBE ? "\\ufffe" : "\\uffff").utf8, to: &buffer)
                }
                position += length
            }
        }
    }

    /// Returns how many bytes can be copied unchanged: those before the first that is escaped, a quote that may be half of
    /// a pair, ill-formed UTF-8, U+FFFE or U+FFFF.
    private func plainBytes(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
        var position = 0
        while position < count {
            let byte = bytes[position]
            if byte < 0x80 {
                let isSpecial = byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
                if isSpecial || byte == dialect.quote { break }
                position += 1
            } else {
                let here = bytes + position
                let (length, isWellFormed) = UTF8Text.subpart(here, count: count - position)
                let isNonCharacter = length == 3 && here[0] == 0xEF && here[1] == 0xBF && here[2] >= 0xBE
                if !isWellFormed || isNonCharacter { break }
                position += length
            }
        }
        return position
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
            let key = keys.keys[column]
            append(UnsafeBufferPointer(start: key.text, count: key.length), to: &buffer)
            return
        }
        while extraKeys.count <= column - keys.width {
            let names = extraNames ?? keys.header.extraNames
            extraNames = names
            extraKeys.append(keys.extraKey(column: keys.width + extraKeys.count, names))
        }
        append(extraKeys[column - keys.width], to: &buffer)
    }

    /// Adds the fields that a record of `count` fields lacks, and ends the row.
    private mutating func finishRow(after count: Int, _ buffer: inout RowBuffer) {
        if dialect.ragged != .omit {
            for column in min(count, keys.width)..<keys.width { appendKey(column, to: &buffer) }
        }
        buffer.count = closeRow(buffer.base + buffer.count) - buffer.base
    }

    /// Appends bytes. There is room: it was checked for the whole row before it was begun.
    private func append(_ bytes: some Collection<UInt8>, to buffer: inout RowBuffer) {
        let free = UnsafeMutableBufferPointer(start: buffer.base + buffer.count, count: buffer.capacity - buffer.count)
        buffer.count += free.update(fromContentsOf: bytes)
    }
}
