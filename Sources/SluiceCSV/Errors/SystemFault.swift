internal import SluicePlatform

/// A system call that failed.
public struct SystemFault: Error, Sendable, Hashable {
    /// The operation that failed: `open`, `read`, `write`…
    public var operation: String
    /// The file that it was called on.
    public var path: String
    /// The `errno` of the failure.
    public var code: Int32

    /// The operation of giving a file the owner, group and mode of the file that it replaces.
    package static let keepingOwner = "keep owner"

    /// Creates a fault.
    public init(_ operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }
}

extension SystemFault: CustomStringConvertible {
    /// One line of text: `orders.csv: open: No such file or directory`.
    public var description: String { "\(TerminalText.name(path)): \(operation): \(System.message(for: code))" }
}
