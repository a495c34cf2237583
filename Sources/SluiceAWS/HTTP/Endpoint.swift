/// Where a service is: `https://sqs.eu-north-1.amazonaws.com`.
package struct Endpoint: Sendable, Hashable {
    package var scheme: String
    /// Host and, if it is not the usual one, port.
    package var authority: String
    /// Before every path; without a slash at its end.
    package var basePath: String

    /// Nil: this is no address of a service.
    package init?(_ url: String) {
        guard let mark = url.firstRange(of: "://") else { return nil }
        scheme = url[..<mark.lowerBound].lowercased()
        let rest = url[mark.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        authority = String(rest[..<slash])
        var path = rest[slash...].prefix { $0 != "?" }
        while path.hasSuffix("/") { path.removeLast() }
        basePath = String(path)
        guard scheme == "http" || scheme == "https", !authority.isEmpty, !authority.contains("@"),
            authority.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
        else { return nil }
    }

    package var host: String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return String(authority.prefix { $0 != ":" })
    }

    /// The address of an encoded path and query.
    package func url(path: String, query: String = "") -> String {
        "\(scheme)://\(authority)\(basePath)\(path)" + (query.isEmpty ? "" : "?\(query)")
    }
}
