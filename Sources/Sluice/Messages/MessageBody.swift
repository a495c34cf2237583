import SluiceJSON

/// The text of one message in the making.
protocol MessageBody {
    /// An empty body of messages in that format.
    init(_ format: MessageFormat)

    /// Adds rows from the first on, as many as are sure to fit, and returns how many. None: the message is full or, if
    /// it has no rows yet, the first row fits no message.
    ///
    /// What is added in how many calls makes no difference to the body.
    mutating func add(_ rows: RowBatch) throws(SluiceError) -> Int

    /// Adds the first row to an empty body, which it does not fit: all that this body is to have.
    mutating func addOversize(_ rows: RowBatch) throws(SluiceError)

    /// Ends the text and returns it; the body is empty again.
    mutating func finish() throws(SluiceError) -> [UInt8]
}

/// Text as it is: a row goes into the message if it fits exactly.
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
        // The separator after the last row becomes the bracket that ends the array.
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
