import SluicePlatform

/// The HTTP proxies that variables configure, by the rules that AWS's own tools follow: `HTTPS_PROXY` and `HTTP_PROXY` for URLs
/// of that scheme, except for the hosts in `NO_PROXY`. A name in lower case takes precedence.
///
///     HTTPS_PROXY=http://user:password@proxy.example.com:3128     user and port are optional; percent-encoded
///     NO_PROXY=example.com,.internal,10.0.0.1                     hosts, and all hosts below them; * for all
///
/// This machine itself and the addresses of its metadata services are never reached through a proxy, which would answer with
/// credentials of its own machine.
package struct ProxySettings: Sendable {
    /// A proxy.
    package struct Proxy: Sendable, Hashable {
        package var host: String
        package var port: Int
        package var user: String?
        package var password: String?
    }

    private let urls: [String: (name: String, url: String)]
    private let exceptions: [String]

    package init(_ environment: AWSEnvironment) {
        func variable(_ name: String) -> (name: String, url: String)? {
            let name = environment[name.lowercased()] == nil ? name : name.lowercased()
            return environment[name].map { (name, $0) }
        }
        // In CGI programs a request's header `Proxy` sets HTTP_PROXY.
        let isCGI = environment["REQUEST_METHOD"] != nil
        urls = ["https": variable("HTTPS_PROXY"), "http": isCGI ? nil : variable("HTTP_PROXY")].compactMapValues { $0 }
        exceptions = (variable("NO_PROXY")?.url ?? "").split(separator: ",").map { $0.trimmed().lowercased() }
    }

    /// Whether no URL is requested through a proxy.
    var isEmpty: Bool { urls.isEmpty }

    /// Returns the proxy for requests to an endpoint, or nil if they go to it directly.
    package func proxy(for endpoint: Endpoint) throws(AWSError) -> Proxy? {
        guard let (name, url) = urls[endpoint.scheme], !endpoint.isLoopback, !endpoint.isMetadata,
            !isException(endpoint)
        else { return nil }
        // The password is not shown.
        guard let proxy = Proxy(url) else { throw .setUp("\(name): takes the address of a proxy, http://HOST:PORT") }
        return proxy
    }

    private func isException(_ endpoint: Endpoint) -> Bool {
        if exceptions == ["*"] { return true }
        return [endpoint.host.lowercased(), endpoint.authority.lowercased()].contains { host in
            exceptions.contains { exception in
                let name = exception.drop { $0 == "." }
                return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
            }
        }
    }
}

extension ProxySettings.Proxy {
    fileprivate init?(_ url: String) {
        let mark = url.firstRange(of: "://")
        // A proxy that is reached over TLS is not supported.
        if let mark, url[..<mark.lowerBound].lowercased() != "http" { return nil }
        let authority = url[(mark?.upperBound ?? url.startIndex)...].prefix { $0 != "/" }
        let at = authority.lastIndex(of: "@")
        let server = authority[(at.map(authority.index(after:)) ?? authority.startIndex)...]
        guard let endpoint = Endpoint("http://\(server)") else { return nil }
        // The brackets of an IPv6 address are part of a URL only.
        (host, port) = (endpoint.host.trimmed { $0 == "[" || $0 == "]" }, endpoint.port ?? 80)
        guard let at else { return }
        let names = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let decoded = names.compactMap { PercentEncoding.decoded($0.utf8) }
        guard decoded.count == names.count else { return nil }
        (user, password) = (decoded.first, decoded.dropFirst().first)
    }
}

extension Endpoint {
    /// Whether the endpoint is a metadata service of the machine or container, on one of the addresses reserved for these.
    fileprivate var isMetadata: Bool { host.hasPrefix("169.254.") || host.lowercased().hasPrefix("[fd00:ec2:") }
}
