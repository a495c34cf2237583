/// Opens inputs that are no files, such as objects in a store.
package protocol RemoteInputProvider: Sendable {
    /// Opens the input of that name. Nil: that is not a name of the kind, so it is a file's.
    func open(_ name: String) throws(SluiceError) -> RemoteInput?
}

/// An input that is no file, opened.
package struct RemoteInput {
    /// What it is called in messages.
    package var name: String
    /// What pins its bytes.
    package var version: String
    package var source: any ByteSource

    package init(name: String, version: String, source: any ByteSource) {
        self.name = name
        self.version = version
        self.source = source
    }
}

/// An input of any kind, opened.
struct OpenedInput {
    var name: String
    var version: String
    var content: InputFile.Content
}

extension Sluice {
    /// Opens an input: one of ``remoteInputs``, a file by its path, or standard input as `-`.
    func open(_ input: String) throws(SluiceError) -> OpenedInput {
        if let remote = try remoteInputs?.open(input) {
            let stream = try InputFile.decoded(remote.source, encoding)
            return OpenedInput(name: remote.name, version: remote.version, content: .stream(stream))
        }
        let file = try InputFile(input)
        let (name, version) = (file.name, file.version)
        return OpenedInput(name: name, version: version, content: try file.content(encoding: encoding))
    }
}
