import SluicePlatform

/// The file of an input, which another program may change while it is read.
///
/// After truncation a mapping reads as zeros past the new end. Rows are made before they are written. So an output that checks
/// ``isTruncated`` before each write keeps such rows out.
protocol InputFile: Sendable {
    /// Whether bytes that were read may be zeros that the file never contained.
    var isTruncated: Bool { get }
    /// Whether the file's size or modification time has changed: a part may have been read before, and a part after.
    var isChanged: Bool { get }
}

extension MappedFile: InputFile {}

extension OpenedFile: InputFile {
    var isTruncated: Bool { false }
}

extension OpenedInput.Content {
    /// The file, or nil if there is none.
    var file: (any InputFile)? {
        switch self {
        case .mapped(let file): file
        case .stream(let source): source.file
        }
    }

    /// Ends a run: throws if the input has changed since it was opened, or else the error that ended the run early.
    func finish(after error: SluiceError?) throws(SluiceError) {
        if file?.isChanged == true { throw .inputChanged }
        if let error { throw error }
    }
}
