import SluicePlatform

/// The environment variables that configure AWS: the process's own, or those of a test.
package struct AWSEnvironment: Sendable {
    private let value: @Sendable (String) -> String?

    /// The process's environment.
    package static let process = AWSEnvironment { System.environment($0) }

    package init(_ variables: [String: String]) { self.init { variables[$0] } }

    private init(_ value: @escaping @Sendable (String) -> String?) { self.value = value }

    /// The value of a variable. Nil also if it is empty: some containers set `AWS_SESSION_TOKEN` so.
    package subscript(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// Whether a variable is `true`.
    package func isTrue(_ name: String) -> Bool { self[name]?.lowercased() == "true" }
}
