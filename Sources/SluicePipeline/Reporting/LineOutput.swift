import SluicePlatform

/// Writes lines to a descriptor, each in one call, so that lines of several threads do not mix.
package struct LineOutput: Sendable {
    private let write: @Sendable (String) -> Void

    /// Passes lines, without line ends, to `write`.
    package init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    package static let standardOutput = LineOutput(descriptor: 1)
    package static let standardError = LineOutput(descriptor: 2)

    private init(descriptor: Int32) {
        write = { line in
            var rest = Array((line + "\n").utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { System.write(descriptor, $0.baseAddress, $0.count) }
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count == 0 || System.lastError != System.interrupted {
                    // The line is dropped: there is nowhere to report the error.
                    return
                }
            }
        }
    }

    package func callAsFunction(_ line: String) { write(line) }
}
