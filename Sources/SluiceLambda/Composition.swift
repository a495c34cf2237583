import Logging
import SluiceAWS
import SluiceFunction

/// What the function works with: the one place that knows which implementations there are.
enum Composition {
    static func services(_ logger: Logger) -> some FunctionServices { AWSServices(client: AWSClient(logger: logger)) }
}
