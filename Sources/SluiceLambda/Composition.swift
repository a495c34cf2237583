import Logging
import SluiceAWS
import SluiceEngine
import SluicePipeline

/// Creates the function's services. Only this type knows their implementations.
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
