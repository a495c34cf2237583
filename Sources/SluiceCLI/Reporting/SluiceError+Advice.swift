import SluiceEngine

extension SluiceError {
    package static let memoryAdvice = "allow more, or use less with -j 1 and, for zstd, a lower level"
}

extension SluiceError.Limit {
    /// The option that raises the limit.
    package var advice: String {
        switch self {
        case .zstdWindow: "to allow it: --max-window 2GiB"
        case .messageBody: "to read it: --max-body"
        }
    }
}
