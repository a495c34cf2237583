import SluiceAWS
import SluiceCLI
import SluicePlatform

/// The command's connections and credentials.
enum Network {
    /// The client, created at first use, which is after the options have been read.
    static let client: AWSClient = {
        var client = AWSClient().asking(with: MFACodes { System.answer(onTerminalTo: $0) })
        client.idleTimeout = NetworkOptions.chosenIdleTimeout
        let plain = client
        // If the region stays unknown, the request that needs one says so.
        return (try? Blocking.wait { () async throws(AWSError) in try await plain.withInstanceRegion() }) ?? plain
    }()

    /// The client of S3 for inputs.
    static var s3: S3Client {
        var s3 = S3Client(client)
        s3.paysForRequests = NetworkOptions.paysForRequests
        return s3
    }
}
