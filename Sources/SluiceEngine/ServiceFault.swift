import SluicePlatform

/// A request to a network service that failed.
public struct ServiceFault: Error, Sendable, Hashable {
    /// What kind of failure it is, which decides what can be done about it.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The resource does not exist.
        case notFound
        /// The resource changed while it was read.
        case changed
        /// The service refuses the request, however often it is sent.
        case refused
        /// The service does not answer.
        case unreachable
        /// The service cannot serve the request now; a later attempt may succeed.
        case busy
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// The address of the object or queue.
    public var resource: String
    /// The service's own error code, or one of Sluice.
    public var code: String
    /// What happened, and what to do.
    public var message: String

    /// Creates a fault.
    public init(_ kind: Kind, resource: String, code: String, message: String) {
        self.kind = kind
        self.resource = resource
        self.code = code
        self.message = message
    }
}

extension ServiceFault: CustomStringConvertible {
    /// The resource, and what happened.
    public var description: String { "\(TerminalText.name(resource)): \(message)" }
}
