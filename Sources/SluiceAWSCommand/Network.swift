import SluiceAWS
import SluiceCommandKit

/// The command's connections and credentials.
enum Network {
    /// Made when it is first needed, which is when the options have been read.
    static let client: AWSClient = {
        var client = AWSClient()
        client.idleTimeout = NetworkOptions.chosenIdleTimeout
        return client
    }()
}
