/// Options with which nothing can be read, such as a delimiter that is a line end.
public struct OptionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with them, in a few words.
    public var reason: String

    /// Makes an error.
    public init(_ reason: String) { self.reason = reason }

    /// The reason.
    public var description: String { reason }
}

extension Dialect {
    /// Throws if there is a ``fault``.
    package func check() throws(OptionError) {
        if let fault { throw OptionError(fault) }
    }
}

/// Why a ``RecordCursor`` over a file could not be made.
public enum CursorError: Error, Sendable, Hashable {
    /// The dialect has a fault.
    case options(OptionError)
    /// The file cannot be opened or, being a directory or a pipe, cannot be mapped.
    case file(SystemFault)
}
