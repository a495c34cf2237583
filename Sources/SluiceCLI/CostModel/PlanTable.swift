import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The plan for one input.
struct InputPlan {
    let input: String
    let segments: UInt64
    let isExact: Bool
    let workload: Workload
}

/// Formats plans as text and as JSON.
struct PlanTable {
    private let plans: [InputPlan]

    init(_ plans: [InputPlan]) { self.plans = plans }

    private var dollars: Double { plans.reduce(0) { $0 + $1.workload.dollars } }

    /// A few lines for each input, and the total costs if there are several.
    var text: String {
        let total = plans.count > 1 ? ["all: \(Self.money(dollars))"] : []
        return (plans.map(Self.text) + total).joined(separator: "\n")
    }

    private static func text(_ plan: InputPlan) -> String {
        let (workload, counts) = (plan.workload, plan.workload.counts)
        let about = plan.isExact ? "" : "about "
        let costs = workload.costs.filter { $0.dollars > 0 }.map { "\($0.name) \(money($0.dollars))" }
        let cut = workload.portions.map { ", \(Measure.count($0.count, "portion")) of \(Measure.bytes($0.size))" }
        let portions = cut ?? ""
        return """
            \(TerminalText.name(plan.input)): \(Measure.bytes(workload.bytes)), segments: \(plan.segments)
              messages: \(about)\(counts.messages) and a manifest, \(about)\(Measure.bytes(counts.bytes))
              requests to SQS: \(about)\(counts.requests), charged as \(about)\(counts.billed) of 64 KiB
              invocations: \(workload.invocations)\(portions); about \(Measure.time(workload.seconds))
              costs: about \(money(workload.dollars)): \(costs.joined(separator: ", "))
            """
    }

    /// `{"inputs":[{…},…],"dollars":0.000123}`.
    var json: String {
        JSONWriter.object([
            ("inputs", JSONWriter.array(plans.map(Self.json))), ("dollars", Self.number(dollars)),
        ])
    }

    private static func json(_ plan: InputPlan) -> String {
        let (workload, counts) = (plan.workload, plan.workload.counts)
        return JSONWriter.object([
            ("input", JSONWriter.string(plan.input)), ("exact", "\(plan.isExact)"), ("bytes", "\(workload.bytes)"),
            ("segments", "\(plan.segments)"), ("messages", "\(counts.messages)"),
            ("messageBytes", "\(counts.bytes)"), ("requests", "\(counts.requests)"),
            ("billedRequests", "\(counts.billed)"), ("invocations", "\(workload.invocations)"),
            ("portions", "\(workload.portions?.count ?? 0)"),
            ("seconds", Measure.fixed(workload.seconds, digits: 3)),
            ("costs", JSONWriter.object(workload.costs.map { ($0.name, number($0.dollars)) })),
            ("dollars", number(workload.dollars)),
        ])
    }

    private static func money(_ dollars: Double) -> String { "\(number(dollars)) USD" }

    /// Formats an amount with eight decimals: the smallest inputs cost less than a millionth of a dollar.
    private static func number(_ dollars: Double) -> String { Measure.fixed(dollars, digits: 8) }
}
