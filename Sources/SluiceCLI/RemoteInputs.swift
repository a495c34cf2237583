import SluiceEngine

/// The provider of inputs that are not files; nil unless the program has one.
package enum RemoteInputs {
    /// The program that can open such inputs sets it for the whole command.
    @TaskLocal package static var current: (any RemoteInputProvider & RemoteListingProvider)?
}

/// Lists inputs that are not files.
package protocol RemoteListingProvider: Sendable {
    /// Returns the names of the objects of a selection.
    func objects(_ selection: ObjectSelection) throws(Failure) -> [String]
}
