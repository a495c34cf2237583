import SluiceJSON

/// Why an invocation, or the start of the function, failed.
package struct FunctionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of the error, as it appears in logs, in metrics and on the platform.
    package enum Kind: String, Sendable, Hashable {
        /// The environment is invalid.
        case configuration = "Sluice.Configuration"
        /// A service or the network failed; a retry may succeed.
        case service = "Sluice.Service"
        /// The invocation's time ran out.
        case deadline = "Sluice.Deadline"
        /// The object, or a note about it, is not, or no longer, as expected.
        case object = "Sluice.Object"
        /// The schema with which the conversion of an object began cannot be used now.
        case schema = "Sluice.Schema"
        /// Another invocation works on the object.
        case taken = "Sluice.Taken"
    }

    package var kind: Kind
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Creates an error from any other: a `FunctionError` is kept, everything else becomes a `service` error.
    init(_ error: any Error) {
        self = error as? FunctionError ?? FunctionError(.service, "\(error)")
    }

    /// Creates an error from any other, naming the object unless it is a `FunctionError`.
    init(_ error: any Error, about object: ObjectReference) {
        self = error as? FunctionError ?? FunctionError(.service, "\(object.source): \(error)")
    }

    package var description: String { "\(message) [\(kind.rawValue)]" }

    /// The error in the platform's format: a JSON object.
    package var document: String {
        JSONWriter.object([
            ("errorMessage", JSONWriter.string(message)), ("errorType", JSONWriter.string(kind.rawValue)),
            ("stackTrace", "[]"),
        ])
    }
}
