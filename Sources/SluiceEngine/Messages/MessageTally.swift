import SluiceCSV

/// What was counted while rows were packed into messages.
package struct MessageTally: Sendable, Hashable {
    package var messages: UInt64 = 0
    package var rows: UInt64 = 0
    /// The rows that fit no message, in order.
    var rejected: [CSVError] = []
    /// The number of rows that were rejected before those.
    private var rejectedBefore: UInt64 = 0
    /// What was accepted although RFC 4180 refuses it.
    package var repairs = Repairs()
    /// Spans of segments without rows. Adjacent spans are merged.
    package private(set) var emptySpans: [Range<UInt64>] = []
    /// The sum of the messages' ids.
    package private(set) var idSum = MessageID.zero

    package init(messages: UInt64 = 0, rows: UInt64 = 0, rejectedBefore: UInt64 = 0, idSum: MessageID = .zero) {
        self.messages = messages
        self.rows = rows
        self.rejectedBefore = rejectedBefore
        self.idSum = idSum
    }

    /// Counts a message.
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

    /// Adds the tally of what follows. Numbers read from outside wrap around on overflow instead of ending the process.
    package mutating func append(_ next: MessageTally) {
        messages &+= next.messages
        rows &+= next.rows
        rejectedBefore &+= next.rejectedRows
        idSum += next.idSum
        repairs.add(next.repairs)
        for span in next.emptySpans { addEmptySpan(span) }
    }
}
