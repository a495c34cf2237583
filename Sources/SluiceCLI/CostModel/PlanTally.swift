import SluiceCSV
import SluiceEngine

/// A sink that counts messages and the requests that would send them, and sends nothing.
struct PlanTally: MessageSink {
    /// Totals of messages.
    struct Counts {
        var messages: UInt64 = 0
        /// The size of all messages in bytes, as SQS counts them.
        var bytes: UInt64 = 0
        var requests: UInt64 = 0
        /// The units of 64 KiB that SQS charges for; each request's payload is rounded up.
        var billed: UInt64 = 0
        /// The bodies that go to S3 because they fit no message.
        var offloaded: UInt64 = 0
    }

    private(set) var counts = Counts()
    /// The bytes of the input that the counted messages cover.
    private(set) var offset: UInt64 = 0
    /// Whether counting stopped before the end of the input, after `enough` bytes.
    private(set) var isEnough = false
    private let enough: UInt64
    private let limit: Int
    private let isFIFO: Bool
    private var batch: BatchFill

    /// Creates a tally that stops at the end of the first segment that ends at or after `enough` bytes.
    init(limit: Int, isFIFO: Bool, enough: UInt64) {
        self.enough = enough
        self.limit = limit
        self.isFIFO = isFIFO
        batch = BatchFill(isFIFO: isFIFO)
    }

    mutating func send(_ message: Message) {
        let isOffloaded = message.size > limit
        let isAlone = isOffloaded || message.isLast
        let size = isOffloaded ? Self.pointerSize : message.size
        if !batch.takes(size, alone: isAlone) { endBatch() }
        batch.add(size, alone: isAlone)
        if batch.isFull { endBatch() }
        counts.bytes += UInt64(message.size)
        offset = message.range.upperBound
        if isOffloaded { counts.offloaded += 1 }
        if !message.isLast { counts.messages += 1 }
    }

    mutating func reject(_ error: CSVError) {}

    /// Counts the last request.
    mutating func finish() { endBatch() }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        guard checkpoint.offset >= enough else { return }
        endBatch()
        offset = checkpoint.offset
        isEnough = true
        // Only an error ends a run early. The caller checks `isEnough`.
        throw .unusable("as much as was asked for")
    }

    private mutating func endBatch() {
        guard batch.count > 0 else { return }
        counts.requests += 1
        counts.billed += UInt64((batch.size - 1) / Self.billedSize + 1)
        batch = BatchFill(isFIFO: isFIFO)
    }

    private static var billedSize: Int { 1 << 16 }
    /// The approximate size of a message that points to its body, a fraction of a unit that is charged.
    private static var pointerSize: Int { 1 << 10 }
}

extension PlanTally.Counts {
    /// Returns the counts of a whole input of which these are a part, including the request of its last message.
    func scaled(by factor: Double) -> Self {
        func scaled(_ count: UInt64) -> UInt64 { UInt64((Double(count) * factor).rounded()) }
        return Self(
            messages: scaled(messages),
            bytes: scaled(bytes),
            requests: scaled(requests) + 1,
            billed: scaled(billed) + 1,
            offloaded: scaled(offloaded)
        )
    }
}
