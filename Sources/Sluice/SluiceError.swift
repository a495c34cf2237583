public import SluiceCSV

/// Why a conversion ended early.
public enum SluiceError: Error, Sendable, Hashable {
    /// The input is not what the dialect allows. Rows before the fault have been delivered.
    case badData(CSVError)
    /// Reading failed.
    case input(SystemFault)
    /// Writing failed.
    case output(SystemFault)
    /// A service on the network did not do what it was asked for.
    case service(ServiceFault)
    /// The input cannot be used in that way; the text says why and what to do.
    case unusable(String)
}

extension SluiceError {
    /// A file or a directory could not be made: a kind of its own, with an exit status of its own.
    static func cannotCreate(_ path: String, _ code: Int32) -> SluiceError {
        .output(SystemFault("create", path: path, code: code))
    }
}
