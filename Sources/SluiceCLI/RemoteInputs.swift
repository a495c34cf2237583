import SluiceEngine

/// The provider of inputs that are not files; nil unless the program has one.
package enum RemoteInputs {
    /// The program that can open such inputs sets it for the whole command.
    @TaskLocal package static var current: (any RemoteInputProvider)?
}
