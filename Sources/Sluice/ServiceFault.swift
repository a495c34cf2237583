/// A service on the network that did not do what it was asked for.
public struct ServiceFault: Error, Sendable, Hashable {
    /// What can be done about it.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What was asked for is not there.
        case notFound
        /// What was read so far is not what is there now.
        case changed
        /// The service will not do it, however often it is asked.
        case refused
        /// Nobody answers.
        case unreachable
        /// The service cannot do it now; later it may.
        case busy
    }

    /// What can be done about it.
    public var kind: Kind
    /// What it is about: the address of an object, of a queue.
    public var resource: String
    /// The service's own name for the fault, or ours.
    public var code: String
    /// What happened, and what to do.
    public var message: String

    /// Makes a fault.
    public init(_ kind: Kind, resource: String, code: String, message: String) {
        self.kind = kind
        self.resource = resource
        self.code = code
        self.message = message
    }
}
