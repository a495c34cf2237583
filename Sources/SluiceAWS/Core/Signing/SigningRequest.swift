import SluicePlatform

/// The signed parts of a request, and their canonical form:
///
///     GET                                 method
///     /photos/a%20b.jpg                   path
///     versionId=3                         query, sorted
///     host:bucket.s3.amazonaws.com        headers, sorted
///     x-amz-date:20150830T123600Z
///
///     host;x-amz-date                     names of those headers
///     e3b0c442…                           hash of the body
package struct SigningRequest: Sendable {
    /// How the path is made canonical.
    package enum PathStyle: Sendable {
        /// S3: unchanged, since `.` and `//` are part of a key.
        case verbatim
        /// All other services: without `.`, `..` and empty segments, and encoded a second time.
        case normalised
    }

    package var method: String
    /// The path, encoded as it is sent.
    package var path: String
    /// The query items, not encoded.
    package var query: [(name: String, value: String)]
    package var headers: [(name: String, value: String)]
    /// The SHA-256 of the body in hexadecimal.
    package var bodyHash: String
    package var pathStyle: PathStyle

    package init(
        method: String,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)],
        bodyHash: String,
        pathStyle: PathStyle
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.bodyHash = bodyHash
        self.pathStyle = pathStyle
    }

    package var canonical: String {
        let headers = canonicalHeaders
        return [
            method, canonicalPath, PercentEncoding.query(query),
            headers.map { "\($0.name):\($0.value)\n" }.joined(),
            headers.map(\.name).joined(separator: ";"),
            bodyHash,
        ].joined(separator: "\n")
    }

    var signedHeaders: String { canonicalHeaders.map(\.name).joined(separator: ";") }

    private var canonicalPath: String {
        switch pathStyle {
        case .verbatim: path.isEmpty ? "/" : path
        case .normalised: PercentEncoding.encoded(Self.normalised(path), keepsSlashes: true)
        }
    }

    /// Normalises a path: `/a//b/../c/` → `/a/c/`.
    private static func normalised(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": break
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let isDirectory = path.hasSuffix("/") && !segments.isEmpty
        return "/" + segments.joined(separator: "/") + (isDirectory ? "/" : "")
    }

    /// The headers with lower-case names, sorted; values of the same name are joined, and runs of spaces become one.
    private var canonicalHeaders: [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers { values[name.lowercased(), default: []].append(Self.trimmed(value)) }
        return values.map { (name: $0.key, value: $0.value.joined(separator: ",")) }
            .sorted { PercentEncoding.less($0.name, $1.name) }
    }

    private static func trimmed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" || $0.isNewline }.joined(separator: " ")
    }
}
