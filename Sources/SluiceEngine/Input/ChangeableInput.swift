import SluicePlatform

/// What shows whether an input changed while it was read.
package enum ChangeableInput {
    /// An input that no other process can write to, or whose changes cannot be detected.
    case none
    case mapped(MappedFile)
    case opened(OpenedFile)

    init(_ file: OpenedFile?) { self = file.map { .opened($0) } ?? .none }

    /// Throws if a mapped file became shorter: what was read may be zeros that were never in the input.
    func checkWhole() throws(SluiceError) {
        if case .mapped(let file) = self, file.isTruncated { throw .inputChanged }
    }

    /// Throws if the input has changed since it was opened: a part may have been read before the change, and a part after
    /// it.
    func checkUnchanged() throws(SluiceError) {
        switch self {
        case .none: return
        case .mapped(let file): if file.isChanged { throw .inputChanged }
        case .opened(let file): if file.isChanged { throw .inputChanged }
        }
    }
}
