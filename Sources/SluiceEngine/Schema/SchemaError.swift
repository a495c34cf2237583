/// Why a schema can't be used, and the place in it.
///
///     /fields/3/constraints/minimum: it is no value of the field's type
public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The place as a JSON pointer (RFC 6901); empty for the whole text.
    public var pointer: String
    /// What is wrong, in a few words.
    public var reason: String
    /// The constraint that would have to be skipped for the schema to be usable; nil if that is not the reason.
    public var constraint: Schema.Constraint?

    /// Creates an error.
    public init(pointer: String = "", _ reason: String, constraint: Schema.Constraint? = nil) {
        self.pointer = pointer
        self.reason = reason
        self.constraint = constraint
    }

    /// The place and the reason.
    public var description: String { pointer.isEmpty ? reason : "\(pointer): \(reason)" }
}
