/// What AWS charges, in US dollars, in the region us-east-1, without the free tier and discounts for large volumes.
///
/// Each is on the page that is named; checked in 2026 against copies of those pages and what others quote from them.
/// Prices differ between regions by up to a half, and change; they are for comparing, not for accounting.
enum Prices {
    /// A request to a queue; each 64 KiB of payload count as one. https://aws.amazon.com/sqs/pricing/
    static let standardQueueRequest = 0.40 / 1e6
    /// The same for a FIFO queue.
    static let fifoQueueRequest = 0.50 / 1e6
    /// An invocation of a function. https://aws.amazon.com/lambda/pricing/
    static let invocation = 0.20 / 1e6
    /// A second of a function with 1 GiB of memory, on x86.
    static let gibibyteSecond = 0.0000166667
    /// GET, HEAD. https://aws.amazon.com/s3/pricing/
    static let objectRead = 0.0004 / 1000
    /// PUT.
    static let objectWrite = 0.005 / 1000
    /// A state of a standard workflow. https://aws.amazon.com/step-functions/pricing/ That the start of a map's child counts
    /// as one is supposed here; the page does not say.
    static let transition = 0.025 / 1000
    /// The start of an express workflow, which the children of the maps are.
    static let expressWorkflow = 1.00 / 1e6
    /// A second of one, with 1 GiB; the least is 64 MiB, and a child holds next to nothing.
    static let expressGibibyteSecond = 0.00001667
}
