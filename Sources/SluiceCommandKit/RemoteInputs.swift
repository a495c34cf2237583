import Sluice

/// Which inputs that are no files a command can read: none, but for a command that knows of more.
package enum RemoteInputs {
    /// Set around the whole command by whoever can open such inputs.
    @TaskLocal package static var current: (any RemoteInputProvider)?
}
