import NIOCore
import SluiceEngine
import SluiceJSON

/// What providers of credentials need: settings, connections, and a way to ask the user.
package struct CredentialContext: Sendable {
    let environment: AWSEnvironment
    let transport: HTTPTransport
    let endpoints: EndpointResolver
    let codes: MFACodes
    let clock: ServiceClock

    package init(
        _ environment: AWSEnvironment,
        transport: HTTPTransport,
        endpoints: EndpointResolver,
        codes: MFACodes = MFACodes(),
        clock: ServiceClock = ServiceClock()
    ) {
        self.environment = environment
        self.transport = transport
        self.endpoints = endpoints
        self.codes = codes
        self.clock = clock
    }

    /// Sends a request to a service that grants credentials, and returns its answer. Errors name the service.
    func reply(to request: HTTPRequest, from service: String) async throws(AWSError) -> HTTPReply {
        do { return try await transport.send(request, attempts: 3) } catch {
            throw .credentials("\(service) cannot be reached: \(error.reason)")
        }
    }

    /// Sends such a request with a signature, and again if the answer shows that the time in it was wrong.
    func reply(
        to call: AWSRequest,
        signedWith credentials: AWSCredentials,
        from service: String
    ) async throws(AWSError) -> HTTPReply {
        let time = clock.now
        let reply = try await reply(to: call.signed(with: credentials, at: time), from: service)
        let isCorrected = clock.adopt(reply, ErrorReply(reply, to: call).error, signedAt: time)
        return isCorrected
            ? try await self.reply(to: call.signed(with: credentials, at: clock.now), from: service) : reply
    }

    /// Sends such a request whose answer is JSON.
    func answer(
        to request: HTTPRequest,
        from service: String
    ) async throws(AWSError) -> (status: Int, json: JSONValue?) {
        let reply = try await reply(to: request, from: service)
        return (reply.status, JSONValue(parsing: reply.body.readableBytesView, mostValues: 1000))
    }
}

extension AWSRequest {
    /// Makes a JSON object its body, and limits the answer to the size of one with credentials.
    mutating func setJSON(_ members: [String: JSONValue]) {
        headers = [("content-type", "application/json")]
        body = ByteBuffer(string: JSONValue.object(members).minified)
        limit = CredentialDocument.largest
    }
}
