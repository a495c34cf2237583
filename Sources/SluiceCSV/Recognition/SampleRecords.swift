/// The records of a sample of an input, read byte by byte, whatever is wrong with them.
package struct SampleRecords: Sendable {
    package struct Record: Sendable {
        /// The values.
        package var fields: [[UInt8]]
        /// For each field, whether it is in quotes.
        package var isQuoted: [Bool]
        /// The number of physical lines before the record.
        package var linesBefore: Int
        /// What is wrong with it.
        package var fault: CSVError.Code?
        /// Whether it has no bytes.
        package var isBlank: Bool
    }

    /// Comments are no records.
    package private(set) var records: [Record] = []
    /// The number of comments.
    package private(set) var comments = 0

    /// Reads a sample that starts with a record. If not `isAll`, the input goes on, and the last record is left out.
    package init(_ sample: [UInt8], isAll: Bool, dialect: Dialect, most: Int = .max) {
        sample.withView { read(Window($0, offset: 0, isLast: true), isAll: isAll, dialect, most) }
    }

    private mutating func read(_ window: Window, isAll: Bool, _ dialect: Dialect, _ most: Int) {
        var lenient = dialect.accepting
        lenient.bareCR = dialect.bareCR == .newline ? .newline : .data
        lenient.maxColumns = Dialect.columnLimits.upperBound
        var (parser, position, lines) = (SlowRecordParser(), 0, 0)
        while position < window.count, records.count < most {
            var fault: CSVError.Code?
            do throws(CSVError) {
                _ = try parser.read(window, from: position, number: 1, dialect: dialect)
            } catch {
                fault = error.code
                // The window is the whole input, and a lenient dialect refuses only what is too long.
                guard (try? parser.read(window, from: position, number: 1, dialect: lenient)) == true else { return }
            }
            if parser.next == window.count, !isAll { return }
            if parser.isComment {
                comments += 1
            } else {
                records.append(
                    Record(
                        fields: parser.fields.map { $0.value(in: window, dialect) },
                        isQuoted: parser.fields.map(\.isQuoted),
                        linesBefore: lines,
                        fault: fault,
                        isBlank: parser.isBlank
                    )
                )
            }
            for place in position..<parser.next {
                let byte = window[place]
                let endsLine = byte == 0x0D && dialect.bareCR == .newline && window.byte(at: place + 1) != 0x0A
                if byte == 0x0A || endsLine { lines += 1 }
            }
            position = parser.next
        }
    }
}
