import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The plan for one input.
struct InputPlan {
    /// What one format of messages takes.
    struct Estimate {
        let workload: Workload
        let format: MessageFormat
        /// Whether all of the input was counted.
        let isExact: Bool
    }

    /// The same rows with zstd, where the plan is without, and the reverse.
    enum Other {
        case possible(Estimate)
        case impossible(Failure, compression: Int?)
    }

    let input: String
    let estimate: Estimate
    /// Nil if the input could be read only once.
    let other: Other?
}

/// Formats plans as text and as JSON.
struct PlanTable {
    private let plans: [InputPlan]

    init(_ plans: [InputPlan]) { self.plans = plans }

    private var dollars: Double { plans.reduce(0) { $0 + $1.estimate.workload.dollars } }

    /// A few lines for each input, the total costs if there are several, and the fixed costs.
    var text: String {
        let total = plans.count > 1 ? ["all: \(Self.money(dollars))"] : []
        let fixed = FixedCosts.items.map { "\($0.name) \(Measure.fixed($0.dollars, digits: 2)) USD" }
        let sum = Measure.fixed(FixedCosts.dollars, digits: 2)
        let last = "fixed costs a month: at most \(sum) USD: \(fixed.joined(separator: ", "))"
        return (plans.map(Self.text) + total + [last]).joined(separator: "\n")
    }

    private static func text(_ plan: InputPlan) -> String {
        let (workload, counts) = (plan.estimate.workload, plan.estimate.workload.counts)
        let about = plan.estimate.isExact ? "" : "about "
        let costs = workload.costs.filter { $0.dollars > 0 }.map { "\($0.name) \(money($0.dollars))" }
        let cut = workload.portions.map { ", \(Measure.count($0.count, "portion")) of \(Measure.bytes($0.size))" }
        let portions = cut ?? ""
        return """
            \(TerminalText.name(plan.input)): \(Measure.bytes(workload.bytes)), segments: \(plan.estimate.segments)
              messages: \(about)\(counts.messages) and a manifest, \(about)\(Measure.bytes(counts.bytes))
              requests to SQS: \(about)\(counts.requests), charged as \(about)\(counts.billed) of 64 KiB
              invocations: \(workload.invocations)\(portions); about \(Measure.time(workload.seconds))
              costs: about \(money(workload.dollars)): \(costs.joined(separator: ", "))\(plan.other.map(text) ?? "")
            """
    }

    private static func text(_ other: InputPlan.Other) -> String {
        switch other {
        case .possible(let estimate):
            let (about, counts) = (estimate.isExact ? "" : "about ", estimate.workload.counts)
            let isPlain = estimate.format.compression == nil
            return """

                  \(isPlain ? "without" : "with") --zstd: \(about)\(Measure.count(counts.messages, "message")), charged as \
                \(about)\(counts.billed) of 64 KiB; costs about \(money(estimate.workload.dollars)); fits \
                \(isPlain ? "every consumer" : "consumers that decompress zstd")
                """
        case .impossible(let failure, let compression):
            return "\n  \(compression == nil ? "without" : "with") --zstd: not possible: \(failure.text)"
        }
    }

    /// `{"inputs":[{…},…],"dollars":0.000123,"fixedCosts":{"metrics":16.8,…}}`.
    var json: String {
        let fixed = FixedCosts.items.map { ($0.name, Measure.fixed($0.dollars, digits: 2)) }
        return JSONWriter.object([
            ("inputs", JSONWriter.array(plans.map(Self.json))), ("dollars", Self.number(dollars)),
            ("fixedCosts", JSONWriter.object(fixed)),
        ])
    }

    private static func json(_ plan: InputPlan) -> String {
        let (workload, counts) = (plan.estimate.workload, plan.estimate.workload.counts)
        return JSONWriter.object([
            ("input", JSONWriter.string(plan.input)), ("exact", "\(plan.estimate.isExact)"),
            ("bytes", "\(workload.bytes)"), ("segments", "\(plan.estimate.segments)"),
            ("zstd", level(plan.estimate.format.compression)), ("messages", "\(counts.messages)"),
            ("messageBytes", "\(counts.bytes)"), ("requests", "\(counts.requests)"),
            ("billedRequests", "\(counts.billed)"), ("invocations", "\(workload.invocations)"),
            ("portions", "\(workload.portions?.count ?? 0)"),
            ("seconds", Measure.fixed(workload.seconds, digits: 3)),
            ("costs", JSONWriter.object(workload.costs.map { ($0.name, number($0.dollars)) })),
            ("dollars", number(workload.dollars)), ("other", plan.other.map(json) ?? "null"),
        ])
    }

    private static func json(_ other: InputPlan.Other) -> String {
        switch other {
        case .possible(let estimate):
            let counts = estimate.workload.counts
            return JSONWriter.object([
                ("zstd", level(estimate.format.compression)), ("messages", "\(counts.messages)"),
                ("billedRequests", "\(counts.billed)"), ("dollars", number(estimate.workload.dollars)),
            ])
        case .impossible(let failure, let compression):
            return JSONWriter.object([("zstd", level(compression)), failure.member])
        }
    }

    private static func level(_ compression: Int?) -> String { compression.map(String.init) ?? "null" }

    private static func money(_ dollars: Double) -> String { "\(number(dollars)) USD" }

    /// Formats an amount with eight decimals: the smallest inputs cost less than a millionth of a dollar.
    private static func number(_ dollars: Double) -> String { Measure.fixed(dollars, digits: 8) }
}

extension InputPlan.Estimate {
    fileprivate var segments: UInt64 { format.segments(of: workload.bytes) }
}
