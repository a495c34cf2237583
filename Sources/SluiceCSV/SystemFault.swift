/// A system call that failed.
public struct SystemFault: Error, Sendable, Hashable {
    /// What was tried: `open`, `read`, `write`…
    public var operation: String
    /// The file it was tried on.
    public var path: String
    /// The `errno` of the failure.
    public var code: Int32

    /// Giving a file the owner, the group and the mode of the one that it replaces.
    package static let keepingOwner = "keep owner"

    /// Makes a fault.
    public init(_ operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }
}
