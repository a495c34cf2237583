import SluiceCSV
import SluiceEngine

/// The invocations, time and costs of sending an input through the pipeline on AWS.
///
/// The estimate assumes the defaults of `tools/deploy/terraform`, no retries, and that reading from S3 is the
/// bottleneck: an invocation reads `speed` bytes a second, and converts and sends meanwhile.
struct Workload {
    /// The size of the input in bytes.
    let bytes: UInt64
    let counts: PlanTally.Counts
    let isFIFO: Bool
    /// The bytes that an invocation reads in a second.
    let speed: Double
    /// The portions that the state machine cuts the input into. If nil, the input is converted in order, and each
    /// invocation continues where the last one ended.
    let portions: Portions?

    init(
        bytes: UInt64,
        counts: PlanTally.Counts,
        isFIFO: Bool,
        speed: Double,
        canBeCut: Bool,
        format: MessageFormat
    ) {
        self.bytes = bytes
        self.counts = counts
        self.isFIFO = isFIFO
        self.speed = speed
        let size = UInt64(Portions.usualSegments * format.segmentSize)
        portions =
            canBeCut && bytes > Portions.usualThreshold
            ? Portions(cutting: bytes, into: size, segmentSize: format.segmentSize) : nil
    }

    /// The number of concurrent invocations of the state machine.
    private static let concurrency = 10
    /// The seconds after which an invocation hands over the rest.
    private static let timeout = 900.0
    /// The function's memory in GiB.
    private static let memory = 1769.0 / 1024
    /// The bytes of one read from S3.
    private static let readSize: UInt64 = 4 << 20

    /// The number of invocations. With the state machine: the one that starts it, the plan, two for each portion, the
    /// one that combines boundaries, and the manifest.
    var invocations: UInt64 {
        if let portions { return UInt64(2 * portions.count + 4) }
        return max(1, UInt64((readingSeconds / Self.timeout).rounded(.up)))
    }

    /// The seconds from the upload to the manifest.
    var seconds: Double {
        guard let portions else { return readingSeconds }
        let waves = (portions.count + Self.concurrency - 1) / Self.concurrency
        return Double(2 * waves) * Double(portions.size) / speed
    }

    var costs: [(name: String, dollars: Double)] {
        let queue = Double(counts.billed) * (isFIFO ? Prices.fifoQueueRequest : Prices.standardQueueRequest)
        let function =
            Double(invocations) * Prices.invocation + computingSeconds * Self.memory * Prices.gibibyteSecond
        return [("SQS", queue), ("Lambda", function), ("S3", storeCosts), ("Step Functions", machineCosts)]
    }

    var dollars: Double { costs.reduce(0) { $0 + $1.dollars } }

    private var readingSeconds: Double { Double(bytes) / speed }
    /// With the state machine the input is read twice, first for the boundaries.
    private var computingSeconds: Double { readingSeconds * (portions == nil ? 1 : 2) }

    /// The costs of S3: reading the object; the notes of each portion, which are the places where spans start, the
    /// header, its boundary and its result; and the bodies of messages that are too large.
    private var storeCosts: Double {
        let reads = Double((bytes + Self.readSize - 1) / Self.readSize)
        let bodies = Double(counts.offloaded) * Prices.objectWrite
        guard let portions else { return (reads + Double(invocations)) * Prices.objectRead + bodies }
        let count = Double(portions.count)
        return (2 * reads + 6 * count) * Prices.objectRead + (2 * count + 3) * Prices.objectWrite + bodies
    }

    /// The costs of Step Functions: seven states, and two children of a map for each portion.
    private var machineCosts: Double {
        guard let portions else { return 0 }
        let children = Double(2 * portions.count)
        return (7 + children) * Prices.transition + children * Prices.expressWorkflow
            + computingSeconds / 16 * Prices.expressGibibyteSecond
    }
}
