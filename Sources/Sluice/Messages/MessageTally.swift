import SluiceCSV

/// What became of some rows of an input.
package struct MessageTally: Sendable, Hashable {
    package var messages: UInt64 = 0
    package var rows: UInt64 = 0
    /// The rows that fit no message, in order.
    var rejected: [CSVError] = []
    /// How many such rows there were before those.
    private var rejectedBefore: UInt64 = 0
    /// What was accepted although RFC 4180 refuses it.
    package var repairs = Repairs()
    /// Spans of segments without rows; neighbours are one.
    package private(set) var emptySpans: [Range<UInt64>] = []
    /// The sum of the messages' ids.
    package private(set) var idSum = MessageID.zero

    package init(messages: UInt64 = 0, rows: UInt64 = 0, rejectedBefore: UInt64 = 0, idSum: MessageID = .zero) {
        self.messages = messages
        self.rows = rows
        self.rejectedBefore = rejectedBefore
        self.idSum = idSum
    }

    /// One more message.
    mutating func add(_ id: MessageID, rows: Int) {
        messages += 1
        self.rows += UInt64(rows)
        idSum += id
    }

    package mutating func addEmptySpan(_ span: Range<UInt64>) {
        if let last = emptySpans.last, last.upperBound == span.lowerBound {
            emptySpans[emptySpans.count - 1] = last.lowerBound..<span.upperBound
        } else {
            emptySpans.append(span)
        }
    }

    package var rejectedRows: UInt64 { rejectedBefore &+ UInt64(rejected.count) }

    /// This tally and the one of what follows. Numbers that were read wrap around rather than end the process.
    package mutating func append(_ next: MessageTally) {
        messages &+= next.messages
        rows &+= next.rows
        rejectedBefore &+= next.rejectedRows
        idSum += next.idSum
        repairs.add(next.repairs)
        for span in next.emptySpans { addEmptySpan(span) }
    }
}
