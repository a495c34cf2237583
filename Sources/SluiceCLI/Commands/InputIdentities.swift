import SluiceEngine
import SluicePlatform

/// The files that a run reads. It must not overwrite or remove them, whatever their names: a file is identified by its
/// device and its inode number.
package struct InputIdentities {
    private var names: [FileIdentity: String] = [:]

    package init(_ inputs: [String]) {
        for input in inputs {
            guard let identity = input == "-" ? System.identity(of: 0) : System.identity(at: input) else { continue }
            names[identity] = names[identity] ?? OpenedInput.title(of: input)
        }
    }

    /// The identities of the files, none of which may be removed.
    package var all: Set<FileIdentity> { Set(names.keys) }

    /// Throws if a file, or standard output as `-`, is one of the inputs.
    package func check(output: String) throws(Failure) {
        let identity = output == "-" ? System.identity(of: 1) : System.identity(at: output)
        guard let input = identity.flatMap({ names[$0] }) else { return }
        let file = output == "-" ? "standard output" : output
        let text = "it is the input \(TerminalText.name(input)), which is never overwritten; name another file"
        throw Failure(.misuse(text), input: file)
    }

    /// Throws if a directory that would be replaced is or holds one of the inputs.
    package func check(directory: String) throws(Failure) {
        try check(output: directory)
        if names.isEmpty { return }
        for name in System.names(in: directory) ?? [] {
            guard let input = System.identity(at: "\(directory)/\(name)").flatMap({ names[$0] }) else { continue }
            let shown = TerminalText.name(input)
            let text = "it contains the input \(shown), which is never removed; name another directory"
            throw Failure(.misuse(text), input: directory)
        }
    }
}
