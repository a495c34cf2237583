/// An error in the options, such as a delimiter that is a line end.
public struct OptionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with the options, in a few words.
    public var reason: String

    /// Creates an error.
    public init(_ reason: String) { self.reason = reason }

    /// The reason.
    public var description: String { reason }
}

extension Dialect {
    /// Throws the dialect's ``fault``, if it has one.
    package func check() throws(OptionError) {
        if let fault { throw OptionError(fault) }
    }
}

/// The error of creating a ``RecordCursor`` over a file.
public enum CursorError: Error, Sendable, Hashable {
    /// The dialect is invalid.
    case options(OptionError)
    /// The file cannot be opened or, being a directory or a pipe, cannot be mapped.
    case file(SystemFault)
}
