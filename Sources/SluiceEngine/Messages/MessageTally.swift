import SluiceCSV

/// What was counted while rows were packed into messages.
package struct MessageTally: Sendable, Hashable {
    package var messages: UInt64 = 0
    package var rows: UInt64 = 0
    /// The rows that fit no message, in order, until they are taken.
    private var oversize: [Reject] = []
    /// The number of rows that were rejected because they fit no message.
    private var rejectedBefore: UInt64 = 0
    /// What was put aside.
    package var rejects = RejectTally()
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

    /// The number of records that are in no row, though they are no header, comment or blank line.
    package var rejectedRows: UInt64 { rejectedBefore &+ rejects.records }

    /// Notes a row that fits no message.
    mutating func note(oversize reject: Reject) { oversize.append(reject) }

    /// Returns the rows that fit no message, which the caller counts.
    mutating func takeOversize() -> [Reject] {
        defer { oversize = [] }
        return oversize
    }

    /// Counts rows that fit no message, where nothing is put aside.
    mutating func addRejected(_ count: Int) { rejectedBefore &+= UInt64(count) }

    /// Adds the tally of what follows. Numbers read from outside wrap around on overflow instead of ending the process.
    package mutating func append(_ next: MessageTally) {
        messages &+= next.messages
        rows &+= next.rows
        rejectedBefore &+= next.rejectedBefore
        rejects.add(next.rejects)
        idSum += next.idSum
        repairs.add(next.repairs)
        for span in next.emptySpans { addEmptySpan(span) }
    }
}
