import ArgumentParser
import Synchronization

/// How services of AWS are used.
package struct NetworkOptions: ParsableArguments {
    @Option(help: "Seconds without data from an AWS service before a request is sent again, 1 to 3600.")
    var idleTimeout = 30

    @Flag(help: "Pay for requests to S3, which buckets of other accounts may demand.")
    var requesterPays = false

    package init() {}

    package func validate() throws {
        guard 1...3600 ~= idleTimeout else {
            throw ValidationError("--idle-timeout takes a number of seconds from 1 to 3600")
        }
        let choice = (idleTimeout, requesterPays)
        Self.chosen.withLock { $0 = choice }
    }

    /// What was chosen, for clients that are created without access to the command's options.
    private static let chosen = Mutex((idleTimeout: 30, requesterPays: false))
    package static var chosenIdleTimeout: Duration { .seconds(chosen.withLock { $0.idleTimeout }) }
    package static var paysForRequests: Bool { chosen.withLock { $0.requesterPays } }
}
