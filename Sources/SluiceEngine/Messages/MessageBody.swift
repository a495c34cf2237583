import SluiceJSON

/// The text of one message while rows are added to it.
protocol MessageBody {
    /// Creates an empty body for rows that, if `isEscaped`, were encoded as the inside of a JSON string.
    init(_ format: MessageFormat, isEscaped: Bool)

    /// Adds rows from the first on, as many as are sure to fit. Returns how many. Returns 0 if the message is full or, if
    /// it is empty, if the first row fits no message.
    ///
    /// The body does not depend on how its rows are divided into calls.
    mutating func add(_ rows: RowBatch) throws(SluiceError) -> Int

    /// Adds the first row, which is too large, to an empty body. No other row may follow.
    mutating func addOversize(_ rows: RowBatch) throws(SluiceError)

    /// Ends the text and returns it. The body is then empty again.
    mutating func finish() throws(SluiceError) -> MessageText

    /// Offers the memory of a body that was sent, for one of the next.
    mutating func reuse(_ body: MessageText)
}

extension MessageBody {
    mutating func reuse(_ body: MessageText) {}
}

/// Text that is not compressed. Its size is known exactly before a row is added.
struct PlainBody: MessageBody {
    private let limit: Int
    private let isArray: Bool
    private let isEscaped: Bool
    private var text: [UInt8] = []
    /// The size of the text without escapes, which is what counts.
    private var size = 0
    /// Memory of bodies that were sent. Without it the system would give and take it for each body.
    private var spares: [[UInt8]] = []
    private static var mostSpares: Int { 8 }

    init(_ format: MessageFormat, isEscaped: Bool) {
        self.isEscaped = isEscaped
        limit = format.bodyLimit
        isArray = format.text == .json
        clear()
    }

    private mutating func clear() {
        text = spares.popLast() ?? []
        text.removeAll(keepingCapacity: true)
        text.reserveCapacity(max(0, isEscaped ? limit + limit / 4 : limit))
        if isArray { text.append(UInt8(ascii: "[")) }
        size = text.count
    }

    mutating func add(_ rows: RowBatch) -> Int {
        let used = size
        // The separator after the last row is overwritten by the bracket that ends the array.
        let count = rows.prefix { used + $0 <= limit }
        add(rows, count)
        return count
    }

    mutating func addOversize(_ rows: RowBatch) { add(rows, 1) }

    private mutating func add(_ rows: RowBatch, _ count: Int) {
        text.append(contentsOf: rows.text(of: count))
        size += rows.size(of: count)
    }

    mutating func reuse(_ body: MessageText) {
        guard spares.count < Self.mostSpares else { return }
        switch body {
        case .plain(let text), .escaped(let text, _): spares.append(text)
        }
    }

    mutating func finish() -> MessageText {
        defer { clear() }
        if isArray { text[text.count - 1] = UInt8(ascii: "]") }
        return isEscaped ? .escaped(text, count: size) : .plain(text)
    }
}
