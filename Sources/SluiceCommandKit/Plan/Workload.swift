import Sluice
import SluiceCSV

/// What the pipeline on AWS would do with an input: how many invocations, how long, at what price.
///
/// It supposes the defaults of `tools/deploy/terraform`, and that reading from S3 is what limits an invocation: it reads
/// `speed` bytes a second, while it converts and sends. Nothing is tried again.
struct Workload {
    /// Bytes of the input.
    let bytes: UInt64
    let counts: PlanTally.Counts
    let isFIFO: Bool
    /// Bytes an invocation reads in a second.
    let speed: Double
    /// How the state machine would cut it; nil: it is converted in order, each invocation going on where the last one ended.
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
        guard canBeCut, bytes > Self.routeBytes else {
            portions = nil
            return
        }
        let least = UInt64(Self.portionSegments * format.segmentSize)
        let size = Portions.size(of: bytes, segmentSize: format.segmentSize, count: Self.mostPortions)
        portions = Portions(of: bytes, size: max(least, size))
    }

    /// Objects with more bytes go to the state machine.
    private static let routeBytes: UInt64 = 1 << 30
    private static let portionSegments = 16
    private static let mostPortions: UInt64 = 10_000
    /// Invocations of the state machine at the same time.
    private static let concurrency = 10
    /// Seconds after which an invocation hands on what is left.
    private static let timeout = 900.0
    /// GiB of the function.
    private static let memory = 1769.0 / 1024
    /// Bytes of a read from S3.
    private static let readSize: UInt64 = 4 << 20

    /// Those of the state machine: the one that starts it, a plan, each portion twice, summaries together, the manifest.
    var invocations: UInt64 {
        if let portions { return UInt64(2 * portions.count + 4) }
        return max(1, UInt64((readingSeconds / Self.timeout).rounded(.up)))
    }

    /// From the upload to the manifest.
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
    /// With the state machine, all of it is read twice: first for the summaries.
    private var computingSeconds: Double { readingSeconds * (portions == nil ? 1 : 2) }

    /// The object in pieces, and of each portion its notes: the places where spans start, the header, summary and result;
    /// and the bodies of messages that are too large.
    private var storeCosts: Double {
        let reads = Double((bytes + Self.readSize - 1) / Self.readSize)
        let bodies = Double(counts.offloaded) * Prices.objectWrite
        guard let portions else { return (reads + Double(invocations)) * Prices.objectRead + bodies }
        let count = Double(portions.count)
        return (2 * reads + 6 * count) * Prices.objectRead + (2 * count + 3) * Prices.objectWrite + bodies
    }

    /// Seven states, and each portion twice as the child of a map.
    private var machineCosts: Double {
        guard let portions else { return 0 }
        let children = Double(2 * portions.count)
        return (7 + children) * Prices.transition + children * Prices.expressWorkflow
            + computingSeconds / 16 * Prices.expressGibibyteSecond
    }
}
