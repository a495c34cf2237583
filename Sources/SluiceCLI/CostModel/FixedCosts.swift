/// What the pipeline costs in a month in which nothing is uploaded, with the defaults of `tools/deploy/terraform`.
///
/// Each amount is the most that it can be: CloudWatch bills a metric only for the hours in which it is written, and a dashboard
/// only from an account's fourth on.
enum FixedCosts {
    static let items: [(name: String, dollars: Double)] = [
        ("metrics", Double(metrics * (1 + outcomes)) * Prices.metric), ("alarms", Double(alarms) * Prices.alarm),
        ("dashboard", Prices.dashboard), ("key", Prices.key),
    ]
    static let dollars = items.reduce(0) { $0 + $1.dollars }

    /// The function's metrics. Each is written by function, and by function and outcome.
    private static let metrics = 14
    private static let outcomes = 4
    private static let alarms = 17
}
