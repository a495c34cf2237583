import SluiceSystem

/// The variables that set AWS up, the process's own or a test's.
package struct AWSEnvironment: Sendable {
    private let value: @Sendable (String) -> String?

    /// The process's environment.
    package static let process = AWSEnvironment { System.environment($0) }

    package init(_ variables: [String: String]) { self.init { variables[$0] } }

    private init(_ value: @escaping @Sendable (String) -> String?) { self.value = value }

    /// A variable's value; nil also if it is empty, as some containers set `AWS_SESSION_TOKEN`.
    package subscript(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// The variable says yes.
    package func isTrue(_ name: String) -> Bool { self[name]?.lowercased() == "true" }
}
