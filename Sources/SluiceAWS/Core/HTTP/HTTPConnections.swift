import AsyncHTTPClient
import NIOCore
import NIOSSL
import Synchronization

/// The HTTP clients of a process: one for each proxy that is in use, and one for direct connections.
///
/// Clients are made when a request first needs them, and are never shut down.
final class HTTPConnections: Sendable {
    private let proxies: ProxySettings
    private let bundle: CertificateBundle?
    private let clients = Mutex<[ProxySettings.Proxy?: HTTPClient]>([:])

    init(_ environment: AWSEnvironment) {
        proxies = ProxySettings(environment)
        bundle = CertificateBundle(environment)
    }

    func exchange(_ request: HTTPRequest, _ watch: ProgressWatch) async -> Result<HTTPReply, HTTPFailure> {
        let client: HTTPClient
        do throws(AWSError) { client = try self.client(for: request.url) } catch {
            return .failure(HTTPFailure(kind: .unusable, reason: error.message))
        }
        return await client.exchange(request, watch)
    }

    private func client(for url: String) throws(AWSError) -> HTTPClient {
        var proxy: ProxySettings.Proxy?
        if !proxies.isEmpty, let endpoint = Endpoint(url) { proxy = try proxies.proxy(for: endpoint) }
        if let client = clients.withLock({ $0[proxy] }) { return client }
        let client = try makeClient(proxy)
        return clients.withLock { clients in
            // Another task may have made one meanwhile, whose connections are in use. The one here has none.
            if let first = clients[proxy] { return first }
            clients[proxy] = client
            return client
        }
    }

    private func makeClient(_ proxy: ProxySettings.Proxy?) throws(AWSError) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        // Otherwise attributes are collected for each request, although nothing traces it.
        configuration.tracing.tracer = nil
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.idleTimeout = .seconds(20)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        configuration.tlsConfiguration = try bundle?.tlsConfiguration()
        configuration.proxy = proxy.map { proxy in
            let authorization = proxy.user.map {
                HTTPClient.Authorization.basic(username: $0, password: proxy.password ?? "")
            }
            return .server(host: proxy.host, port: proxy.port, authorization: authorization)
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}

/// The certificates that servers are checked with instead of the system's: `AWS_CA_BUNDLE`, or `ca_bundle` of the profile, a
/// file in PEM format or a directory of such files.
private struct CertificateBundle {
    private let path: String
    private let name: String

    init?(_ environment: AWSEnvironment) {
        if let path = environment["AWS_CA_BUNDLE"] {
            (self.path, name) = (path, "AWS_CA_BUNDLE")
        } else if let profile = SharedFiles(environment).profile, let path = profile["ca_bundle"] {
            (self.path, name) = (path, "ca_bundle of profile '\(profile.name)'")
        } else {
            return nil
        }
    }

    func tlsConfiguration() throws(AWSError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(path)
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw .setUp("\(name): \(path) has no certificates in PEM format, or cannot be read")
        }
        return configuration
    }
}
