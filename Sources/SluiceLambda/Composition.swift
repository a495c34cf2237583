import Logging
import Sluice
import SluiceAWS
import SluiceFunction

/// What the function works with: the one place that knows which implementations there are.
enum Composition {
    static func services(_ configuration: Configuration, _ logger: Logger) -> some FunctionServices {
        var client = AWSClient(logger: logger)
        client.idleTimeout = configuration.idleTimeout
        return AWSServices(
            client: client,
            limit: configuration.format.limit,
            offload: configuration.offload
        )
    }
}
