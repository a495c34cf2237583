import SluicePlatform

/// Writes lines to a descriptor, each in one call, so that lines of several threads do not mix.
package struct LineOutput: Sendable {
    private let write: @Sendable (String) -> Void

    /// Passes lines, without line ends, to `write`.
    package init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    package static let standardOutput = LineOutput(descriptor: 1)
    package static let standardError = LineOutput(descriptor: 2)

    private init(descriptor: Int32) {
        // If it fails, the line is lost: there is nowhere to report the error.
        write = { line in _ = Array((line + "\n").utf8).withUnsafeBytes { System.writeAll(descriptor, $0) } }
    }

    package func callAsFunction(_ line: String) { write(line) }
}
