/// Compares rows as they are converted with those of messages: a sink that knows what it is to be given.
package struct RowComparison: ByteSink {
    /// Gives the rows of one message after the other, each row followed by a line feed; nil behind the last.
    private let nextRows: () throws(SluiceError) -> [UInt8]?
    private var expected: ArraySlice<UInt8> = []
    private var rows: UInt64 = 0
    /// What differs first; nil if nothing does so far.
    package private(set) var difference: String?

    package init(_ nextRows: @escaping () throws(SluiceError) -> [UInt8]?) { self.nextRows = nextRows }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        var rest = bytes[...]
        while !rest.isEmpty, difference == nil {
            if expected.isEmpty {
                guard let more = try nextRows() else {
                    difference = "the input has more rows than the messages, \(rows)"
                    return
                }
                expected = more[...]
            }
            let count = min(rest.count, expected.count)
            let isEqual = rest.prefix(count).elementsEqual(expected.prefix(count))
            if isEqual { rows += rest.prefix(count).reduce(into: 0) { $0 += $1 == 0x0A ? 1 : 0 } } else { locate(rest) }
            rest = rest.dropFirst(count)
            expected = expected.dropFirst(count)
        }
    }

    /// Behind the last row of the input.
    package mutating func finish() throws(SluiceError) {
        while difference == nil, expected.isEmpty, let more = try nextRows() { expected = more[...] }
        if difference == nil, !expected.isEmpty { difference = "the messages have more rows than the input, \(rows)" }
    }

    private mutating func locate(_ found: Slice<UnsafeRawBufferPointer>) {
        for (one, other) in zip(found, expected) {
            if one != other { break }
            if one == 0x0A { rows += 1 }
        }
        difference = "row \(rows + 1) is not that of the input"
    }
}
