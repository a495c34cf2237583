import ArgumentParser
import Synchronization

/// The timeout for services of AWS.
package struct NetworkOptions: ParsableArguments {
    @Option(help: "Seconds without data from an AWS service before a request is sent again, 1 to 3600.")
    var idleTimeout = 30

    package init() {}

    package func validate() throws {
        guard 1...3600 ~= idleTimeout else {
            throw ValidationError("--idle-timeout takes a number of seconds from 1 to 3600")
        }
        let seconds = idleTimeout
        Self.chosen.withLock { $0 = seconds }
    }

    /// The chosen timeout, for clients that are created without access to the command's options.
    private static let chosen = Mutex(30)
    package static var chosenIdleTimeout: Duration { .seconds(chosen.withLock { $0 }) }
}
