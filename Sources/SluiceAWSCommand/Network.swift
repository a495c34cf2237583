import SluiceAWS
import SluiceCLI

/// The command's connections and credentials.
enum Network {
    /// The client, created at first use, which is after the options have been read.
    static let client: AWSClient = {
        var client = AWSClient()
        client.idleTimeout = NetworkOptions.chosenIdleTimeout
        return client
    }()
}
