import SluiceJSON

/// The text of one message while rows are added to it.
protocol MessageBody {
    /// Creates an empty body.
    init(_ format: MessageFormat)

    /// Adds rows from the first on, as many as are sure to fit. Returns how many. Returns 0 if the message is full or, if
    /// it is empty, if the first row fits no message.
    ///
    /// The body does not depend on how its rows are divided into calls.
    mutating func add(_ rows: RowBatch) throws(SluiceError) -> Int

    /// Adds the first row, which is too large, to an empty body. No other row may follow.
    mutating func addOversize(_ rows: RowBatch) throws(SluiceError)

    /// Ends the text and returns it. The body is then empty again.
    mutating func finish() throws(SluiceError) -> [UInt8]
}

/// Text that is not compressed. Its size is known exactly before a row is added.
struct PlainBody: MessageBody {
    private let limit: Int
    private let isArray: Bool
    private var text: [UInt8] = []

    init(_ format: MessageFormat) {
        limit = format.bodyLimit
        isArray = format.text == .json
        clear()
    }

    private mutating func clear() {
        text = []
        text.reserveCapacity(max(0, limit))
        if isArray { text.append(UInt8(ascii: "[")) }
    }

    mutating func add(_ rows: RowBatch) -> Int {
        let used = text.count
        // The separator after the last row is overwritten by the bracket that ends the array.
        let count = rows.prefix { used + $0 <= limit }
        text.append(contentsOf: rows.text(of: count))
        return count
    }

    mutating func addOversize(_ rows: RowBatch) { text.append(contentsOf: rows.text(of: 1)) }

    mutating func finish() -> [UInt8] {
        defer { clear() }
        if isArray { text[text.count - 1] = UInt8(ascii: "]") }
        return text
    }
}
