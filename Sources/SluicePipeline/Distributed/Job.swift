import SluiceJSON

/// A job of a state machine. Invocations get it instead of an event of an object. Deployed state machines use these names:
///
///     {"sluice":"plan","object":{…}}                   cut the object into portions
///     {"sluice":"summarise","plan":{…},"portion":3}    compute the boundary of a portion
///     {"sluice":"combine","plan":{…}}                  compute where the spans of the portions start
///     {"sluice":"convert","plan":{…},"portion":3}      send a portion's messages
///     {"sluice":"manifest","plan":{…}}                 send the manifest
///     {"sluice":"inOrder","object":{…}}                convert the object in order, as far as time allows
///     {"sluice":"sent","object":{…}}                   note that others have sent all messages of the object
///     {"sluice":"giveUp","plan":{…},"portion":3,"error":{…}}     report that a portion failed
///     {"source":"aws.states","detail":{"status":"FAILED",…}}     report that the execution failed
enum Job: Sendable {
    case plan(ObjectReference)
    case findBoundary(PortionPlan, portion: Int)
    case combine(PortionPlan)
    case convert(PortionPlan, portion: Int)
    case manifest(PortionPlan)
    case inOrder(ObjectReference)
    case sent(ObjectReference)
    case giveUp(ExecutionFailure)
    /// A job that this function does not know, or whose arguments are invalid.
    case unknown(String)

    /// Reads a payload. Returns nil if it is not a job, and so an event.
    static func read(_ payload: [UInt8]) -> Job? {
        guard let value = JSONValue(parsing: payload) else { return nil }
        if let failure = ExecutionFailure(value) { return .giveUp(failure) }
        guard let name = value["sluice"]?.text else { return nil }
        return Job(name, value) ?? .unknown(name)
    }

    private init?(_ name: String, _ value: JSONValue) {
        let object = value["object"].flatMap(ObjectReference.init)
        let plan = value["plan"].flatMap(PortionPlan.init)
        let portion = value["portion"]?.integer.flatMap { plan?.portion($0) }
        switch (name, object, plan, portion) {
        case ("plan", let object?, _, _): self = .plan(object)
        case ("inOrder", let object?, _, _): self = .inOrder(object)
        case ("sent", let object?, _, _): self = .sent(object)
        case ("combine", _, let plan?, _): self = .combine(plan)
        case ("manifest", _, let plan?, _): self = .manifest(plan)
        case ("summarise", _, let plan?, let portion?): self = .findBoundary(plan, portion: portion)
        case ("convert", _, let plan?, let portion?): self = .convert(plan, portion: portion)
        case ("giveUp", _, let plan?, let portion?):
            self = .giveUp(ExecutionFailure(plan, portion: portion, error: value["error"]))
        default: return nil
        }
    }
}
