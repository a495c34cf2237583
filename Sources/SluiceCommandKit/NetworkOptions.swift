import ArgumentParser
import Synchronization

/// How patient a command is with the network.
package struct NetworkOptions: ParsableArguments {
    @Option(help: "Seconds without a byte from a service of AWS after which a request is sent again, 1 to 3600.")
    var idleTimeout = 30

    package init() {}

    package func validate() throws {
        guard 1...3600 ~= idleTimeout else {
            throw ValidationError("--idle-timeout takes a number of seconds from 1 to 3600")
        }
        let seconds = idleTimeout
        Self.chosen.withLock { $0 = seconds }
    }

    /// What was chosen, for clients that are made before any command is at hand.
    private static let chosen = Mutex(30)
    package static var chosenIdleTimeout: Duration { .seconds(chosen.withLock { $0 }) }
}
