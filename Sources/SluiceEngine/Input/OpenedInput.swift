import SluiceCSV

/// An input of any kind, opened but not read yet.
package enum OpenedInput: ~Copyable {
    case remote(RemoteInput)
    case file(InputFile)

    var source: SourceName {
        switch self {
        case .remote(let input): input.source
        case .file(let file): file.source
        }
    }

    /// The input, if it is remote: then it can be read from any offset without being mapped.
    var remote: RemoteInput? {
        switch self {
        case .remote(let input): input
        case .file: nil
        }
    }

    /// Returns all of it as UTF-8.
    package consuming func content(of converter: CSVConverter) throws(SluiceError) -> InputFile.Content {
        let (encoding, window, assumesCSV) = (converter.encoding, converter.maxWindow, converter.dialect.assumesCSV)
        switch consume self {
        case .remote(let input):
            let bytes = input.bytes(0..<input.size)
            return .stream(
                try InputFile.decoded(bytes, encoding, maxWindow: window, assumesCSV: assumesCSV)
            )
        case .file(let file):
            return try file.content(encoding: encoding, maxWindow: window, assumesCSV: assumesCSV)
        }
    }
}

extension CSVConverter {
    /// Opens an input: one of ``remoteInputs``, a file by its path, or standard input as `-`.
    package func open(_ input: String) throws(SluiceError) -> OpenedInput {
        meter?.begin(input)
        meter?.hints.begin(input)
        if let remote = try remoteInputs?.open(input) { return .remote(remote) }
        return .file(try InputFile(input))
    }

    /// Returns an input's name in messages, or nil if nothing pins its bytes or it can't be found.
    package func pinnedSource(of input: String) -> SourceName? {
        do throws(SluiceError) {
            return try remoteInputs?.open(input)?.source ?? InputFile.pinnedSource(of: input)
        } catch {
            return nil
        }
    }
}
