/// What providers of credentials need: settings, connections, and a way to ask the user.
package struct CredentialContext: Sendable {
    let environment: AWSEnvironment
    let transport: HTTPTransport
    let endpoints: EndpointResolver
    let codes: MFACodes

    package init(
        _ environment: AWSEnvironment,
        transport: HTTPTransport,
        endpoints: EndpointResolver,
        codes: MFACodes = MFACodes()
    ) {
        self.environment = environment
        self.transport = transport
        self.endpoints = endpoints
        self.codes = codes
    }

    /// Sends a request to a service that grants credentials, and returns its answer. Errors name the service.
    func reply(to request: HTTPRequest, from service: String) async throws(AWSError) -> HTTPReply {
        do { return try await transport.send(request, attempts: 3) } catch {
            throw .credentials("\(service) cannot be reached: \(error.reason)")
        }
    }
}
