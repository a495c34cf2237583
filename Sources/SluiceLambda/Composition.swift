import AsyncHTTPClient
import SluiceFunction
import SluiceSystem

/// What the function works with: the one place that knows which implementations there are.
enum Composition {
    // TODO: the clients of SluiceAWS take the place of these, which sign nothing.
    static func services(_ client: HTTPClient) throws(FunctionError) -> some FunctionServices {
        guard let endpoint = System.environment("AWS_ENDPOINT_URL") else {
            throw FunctionError(.configuration, "AWS_ENDPOINT_URL is not set; it takes the URL of an emulator of AWS")
        }
        return UnsignedServices(endpoint: endpoint, client: client)
    }
}
