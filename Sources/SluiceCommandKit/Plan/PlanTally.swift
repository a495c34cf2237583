import Sluice
import SluiceCSV

/// Counts what sending messages would take, and sends nothing.
struct PlanTally: InputAwareSink {
    /// What some messages come to.
    struct Counts {
        var messages: UInt64 = 0
        /// Bytes of all messages as SQS counts them.
        var bytes: UInt64 = 0
        var requests: UInt64 = 0
        /// Each 64 KiB of a request's payload that have begun: what SQS charges for.
        var billed: UInt64 = 0
        /// Bodies that go into S3, since they fit no message.
        var offloaded: UInt64 = 0
    }

    var input = ""
    private(set) var counts = Counts()
    /// Bytes of the input that those messages cover.
    private(set) var offset: UInt64 = 0
    /// There is more, but this many bytes of the input were asked for.
    private(set) var isEnough = false
    private let enough: UInt64
    private let limit: Int
    private let isFIFO: Bool
    private var batch: BatchFill

    /// Stops at the end of the first segment that ends at `enough` bytes or after.
    init(limit: Int, isFIFO: Bool, enough: UInt64) {
        self.enough = enough
        self.limit = limit
        self.isFIFO = isFIFO
        batch = BatchFill(limit: limit, isFIFO: isFIFO)
    }

    mutating func send(_ message: Message) {
        // The last message goes alone, when the queue has all others, and so does one whose body goes into S3.
        let isOffloaded = message.size > limit
        let isAlone = isOffloaded || message.records == nil
        if isAlone { endBatch() }
        let size = isOffloaded ? Self.pointerSize : message.size
        if !batch.add(size) {
            endBatch()
            _ = batch.add(size)
        }
        counts.bytes += UInt64(message.size)
        offset = message.range.upperBound
        if isAlone { endBatch() }
        if isOffloaded { counts.offloaded += 1 }
        if message.records != nil { counts.messages += 1 }
    }

    mutating func reject(_ error: CSVError) {}

    /// The requests of a run end with it.
    mutating func finish() { endBatch() }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        guard checkpoint.offset >= enough else { return }
        endBatch()
        offset = checkpoint.offset
        isEnough = true
        // There is no other way to end a run; whoever started it asks isEnough.
        throw .unusable("as much as was asked for")
    }

    private mutating func endBatch() {
        guard batch.count > 0 else { return }
        counts.requests += 1
        counts.billed += UInt64((batch.size - 1) / Self.billedSize + 1)
        batch = BatchFill(limit: limit, isFIFO: isFIFO)
    }

    private static var billedSize: Int { 1 << 16 }
    /// About as large is a message that says where its body is: a fraction of what is charged.
    private static var pointerSize: Int { 1 << 10 }
}

extension PlanTally.Counts {
    /// The counts of an input of which these are a part, and a last message.
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
