import SluiceJSON

/// Why an invocation, or the start of the function, failed.
package struct FunctionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind, as logs, metrics and the platform see it.
    package enum Kind: String, Sendable, Hashable {
        /// The environment is invalid.
        case configuration = "Sluice.Configuration"
        /// A service or the network failed; another try may succeed.
        case service = "Sluice.Service"
        /// The time for the invocation ran out.
        case deadline = "Sluice.Deadline"
        /// The object is not, or no longer, what it should be.
        case object = "Sluice.Object"
        /// Another invocation works on the object.
        case taken = "Sluice.Taken"
    }

    package var kind: Kind
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The error as it is, or what a service threw.
    init(_ error: any Error) {
        self = error as? FunctionError ?? FunctionError(.service, "\(error)")
    }

    /// The same for trouble with an object.
    init(_ error: any Error, about object: ObjectReference) {
        self = error as? FunctionError ?? FunctionError(.service, "\(object.source): \(error)")
    }

    package var description: String { "\(message) [\(kind.rawValue)]" }

    /// As the platform has errors told: a JSON object.
    package var document: String {
        JSONWriter.object([
            ("errorMessage", JSONWriter.string(message)), ("errorType", JSONWriter.string(kind.rawValue)),
            ("stackTrace", "[]"),
        ])
    }
}
