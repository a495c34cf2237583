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

    /// The client of S3 for inputs.
    static var s3: S3Client {
        var s3 = S3Client(client)
        s3.paysForRequests = NetworkOptions.paysForRequests
        return s3
    }
}
