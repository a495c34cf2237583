public import SluiceCSV

/// Why a conversion ended early.
public enum SluiceError: Error, Sendable, Hashable {
    /// The input is not what the dialect allows. Rows before the fault have been delivered.
    case badData(CSVError)
    /// Reading failed.
    case input(SystemFault)
    /// Writing failed.
    case output(SystemFault)
    /// The input cannot be used in that way; the text says why and what to do.
    case unusable(String)
}

/// A system call that failed.
public struct SystemFault: Error, Sendable, Hashable {
    /// What was tried: `open`, `read`, `write`…
    public var operation: String
    /// The file it was tried on.
    public var path: String
    /// The `errno` of the failure; 0 if the file was cut short while it was read.
    public var code: Int32

    /// Makes a fault.
    public init(_ operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }
}
