import SluiceCSV

/// What makes a message's id: whose bytes, which version of them, and all that was asked for.
///
/// The id is the first 32 hexadecimal digits of SHA-256 over four lines without a last line end: source, version,
/// configuration, range. For rows 0-19 of a file of 19 bytes:
///
///     orders.csv
///     19
///     sluice=1;delimiter=2c;quote=22;…;content=json;limit=262144;segment=16777216;oversize=error
///     0-19
package struct Identity: Sendable, Hashable {
    /// The attribute `sluice.source`.
    package let source: String
    /// What pins the source's bytes: a version, a size; empty if nothing does.
    package let version: String
    package let configuration: String
    /// What pins the bytes for a run that goes on with another's work, also where ids leave it out.
    package let pin: String

    package init(
        source: String,
        version: String,
        pin: String? = nil,
        dialect: Dialect,
        encoding: Encoding,
        format: MessageFormat
    ) {
        self.source = Self.sendable(source)
        self.version = version
        self.pin = pin ?? version
        configuration = Self.configuration(dialect, encoding, format)
    }

    /// What a manifest says of the messages before it.
    init(source: String, version: String, pin: String? = nil, configuration: String) {
        self.source = source
        self.version = version
        self.pin = pin ?? version
        self.configuration = configuration
    }

    /// Names all of it: 32 hexadecimal digits that are those of no message.
    package var digest: String {
        Self.hexadecimal(SHA256.digest(Array("\(source)\n\(version)\n\(configuration)".utf8)).prefix(16))
    }

    /// The id of a message of rows, or, with `kind`, of the last message.
    func id(of range: Range<UInt64>, kind: Message.Content? = nil) -> String {
        let suffix = kind.map { ";last=\($0.rawValue)" } ?? ""
        let text = "\(source)\n\(version)\n\(configuration)\(suffix)\n\(range.lowerBound)-\(range.upperBound)"
        return Self.hexadecimal(SHA256.digest(Array(text.utf8)).prefix(16))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// SQS refuses control characters, U+FFFE and U+FFFF in an attribute.
    private static func sendable(_ name: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            let isRefused = scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF
            result.append(isRefused ? "\u{FFFD}" : scalar)
        }
        return String(result)
    }

    private static func configuration(_ dialect: Dialect, _ encoding: Encoding, _ format: MessageFormat) -> String {
        let header =
            switch dialect.header {
            case .firstRecord: "first"
            case .none: "none"
            case .names(let names): names.map { hexadecimal($0.utf8) }.joined(separator: ",")
            }
        let content = format.content.rawValue + (format.compression.map { ":\($0)" } ?? "")
        return [
            "sluice=1", "delimiter=\(hexadecimal([dialect.delimiter]))", "quote=\(hexadecimal([dialect.quote]))",
            "header=\(header)", "encoding=\(encoding.rawValue)",
            "bare-cr=\(dialect.bareCR.rawValue)", "quote-in-plain=\(dialect.quoteInPlain.rawValue)",
            "after-quote=\(dialect.afterQuote.rawValue)", "unterminated=\(dialect.unterminated.rawValue)",
            "ragged=\(dialect.ragged.rawValue)", "duplicate-headers=\(dialect.duplicateHeaders.rawValue)",
            "invalid-utf8=\(dialect.invalidUTF8.rawValue)", "blank-lines=\(dialect.blankLines.rawValue)",
            "content=\(content)", "limit=\(format.limit)", "segment=\(format.segmentSize)",
            "oversize=\(format.oversize.rawValue)",
        ].joined(separator: ";")
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: Unicode.UTF8.self)
    }
}
