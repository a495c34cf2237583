import SluiceJSON

/// What a state machine asks for, instead of an event:
///
///     {"sluice":"plan","object":{…}}                   cut the object into portions
///     {"sluice":"summarise","plan":{…},"portion":3}    what a portion does to whoever passes through it
///     {"sluice":"combine","plan":{…}}                  where the spans of the portions start
///     {"sluice":"convert","plan":{…},"portion":3}      send a portion's messages
///     {"sluice":"manifest","plan":{…}}                 have the last word
///     {"sluice":"inOrder","object":{…}}                convert the object in order, as far as time allows
///     {"sluice":"giveUp","object":{…},"error":{…}}     report that the execution failed
enum Job: Sendable {
    case plan(ObjectReference)
    case summarise(Plan, portion: Int)
    case combine(Plan)
    case convert(Plan, portion: Int)
    case manifest(Plan)
    case inOrder(ObjectReference)
    case giveUp(ObjectReference, cause: String)

    /// Nil: the payload is no job, and so an event.
    static func read(_ payload: [UInt8]) throws(FunctionError) -> Job? {
        guard let value = JSONValue(parsing: payload), let name = value["sluice"]?.text else { return nil }
        guard let job = Job(name, value) else {
            throw FunctionError(
                .configuration,
                "the state machine asks for '\(name)', but not as this function knows it"
            )
        }
        return job
    }

    private init?(_ name: String, _ value: JSONValue) {
        let object = value["object"].flatMap(ObjectReference.init)
        let plan = value["plan"].flatMap(Plan.init)
        let portion = value["portion"]?.integer.map { Int($0) }
        switch (name, object, plan, portion) {
        case ("plan", let object?, _, _): self = .plan(object)
        case ("inOrder", let object?, _, _): self = .inOrder(object)
        case ("giveUp", let object?, _, _):
            self = .giveUp(object, cause: value["error"]?["Cause"]?.text ?? value["error"]?["Error"]?.text ?? "")
        case ("combine", _, let plan?, _): self = .combine(plan)
        case ("manifest", _, let plan?, _): self = .manifest(plan)
        case ("summarise", _, let plan?, let portion?): self = .summarise(plan, portion: portion)
        case ("convert", _, let plan?, let portion?): self = .convert(plan, portion: portion)
        default: return nil
        }
    }
}
