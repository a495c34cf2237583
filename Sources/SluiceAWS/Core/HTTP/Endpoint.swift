/// The address of a service, such as `https://sqs.eu-north-1.amazonaws.com`.
///
/// Of a URL (RFC 3986) it reads scheme, host, port and path. It refuses user names, which other parsers could take for the
/// host, and hosts that are neither names nor IP addresses.
package struct Endpoint: Sendable, Hashable {
    package var scheme: String
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    package var host: String
    /// The port; nil for the scheme's default.
    package var port: Int?
    /// A prefix of every path, without a trailing slash.
    package var basePath: String

    /// Returns nil if `url` is not the address of a service.
    package init?(_ url: String) {
        guard let mark = url.firstRange(of: "://"), url.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        scheme = url[..<mark.lowerBound].lowercased()
        let rest = url[mark.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard scheme == "http" || scheme == "https", let (host, port) = Self.parts(of: authority) else { return nil }
        (self.host, self.port) = (host, port)
        var path = rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
        while path.hasSuffix("/") { path.removeLast() }
        basePath = String(path)
    }

    /// The host, and the port unless it is the default: the value of the `host` header.
    package var authority: String { host + (port.map { ":\($0)" } ?? "") }

    /// Returns the URL of an encoded path and query.
    package func url(path: String, query: String = "") -> String {
        "\(scheme)://\(authority)\(basePath)\(path)" + (query.isEmpty ? "" : "?\(query)")
    }

    /// Whether the endpoint is on this machine, so that data sent to it does not leave the machine.
    package var isLoopback: Bool {
        if ["localhost", "[::1]"].contains(host.lowercased()) { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }

    private static func parts(of authority: Substring) -> (host: String, port: Int?)? {
        let isBracketed = authority.hasPrefix("[")
        let end =
            isBracketed ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
        if isBracketed, end == nil { return nil }
        let host = authority[..<(end ?? authority.endIndex)]
        guard isBracketed ? isIPv6(host) : isName(host) else { return nil }
        let rest = authority[host.endIndex...]
        if rest.isEmpty { return (String(host), nil) }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), let port = UInt16(digits), port > 0, digits.first != "+" else { return nil }
        return (String(host), Int(port))
    }

    private static func isName(_ host: Substring) -> Bool {
        !host.isEmpty
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Whether `host` is an IPv6 address in brackets, such as `[fd00:ec2::23]`.
    private static func isIPv6(_ host: Substring) -> Bool {
        let digits = host.dropFirst().dropLast()
        return digits.contains(":") && digits.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }
}
