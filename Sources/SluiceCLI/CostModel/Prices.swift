/// Prices of AWS in US dollars, for the region us-east-1, without the free tier and discounts for large volumes.
///
/// Each is from the page named with it, checked in 2026 against copies of those pages and against quotations of them.
/// Prices change, and differ between regions by up to a half: use them to compare, not for accounting.
enum Prices {
    /// A request to a standard queue; each 64 KiB of payload counts as one. https://aws.amazon.com/sqs/pricing/
    static let standardQueueRequest = 0.40 / 1e6
    /// A request to a FIFO queue.
    static let fifoQueueRequest = 0.50 / 1e6
    /// An invocation of a function. https://aws.amazon.com/lambda/pricing/
    static let invocation = 0.20 / 1e6
    /// A second of a function with 1 GiB of memory, on x86.
    static let gibibyteSecond = 0.0000166667
    /// A GET or HEAD request. https://aws.amazon.com/s3/pricing/
    static let objectRead = 0.0004 / 1000
    /// A PUT request.
    static let objectWrite = 0.005 / 1000
    /// A state of a standard workflow. https://aws.amazon.com/step-functions/pricing/ The start of a map's child is
    /// assumed to count as one; the page does not say.
    static let transition = 0.025 / 1000
    /// The start of an express workflow, which each child of a map is.
    static let expressWorkflow = 1.00 / 1e6
    /// A second of an express workflow with 1 GiB. The minimum is 64 MiB, which suffices for a child: it holds almost
    /// nothing.
    static let expressGibibyteSecond = 0.00001667
    /// A month of a metric. https://aws.amazon.com/cloudwatch/pricing/
    static let metric = 0.30
    /// A month of an alarm.
    static let alarm = 0.10
    /// A month of a dashboard.
    static let dashboard = 3.00
    /// A month of a key. https://aws.amazon.com/kms/pricing/
    static let key = 1.00
}
