import CZstd
import SluiceCSV
import SluiceJSON
import SluicePlatform

/// The source and the configuration of messages: what their ids depend on beside the bytes.
package struct Identity: Sendable, Hashable {
    /// The source of the messages.
    package let source: SourceName
    /// Every option that changes rows or where messages end, as one text; see ``configuration(_:_:_:)`` and ``ShapeSettings``.
    package let configuration: String

    package init(
        source: SourceName,
        dialect: Dialect,
        encoding: Encoding,
        shape: RowShape,
        rejects: RejectRules?,
        format: MessageFormat
    ) {
        let putAside = rejects.map { ["rejects=\($0.setting)"] } ?? []
        let rows = putAside + ShapeSettings(shape).texts + (shape.schema?.settings ?? [])
        let settings = Self.configuration(dialect, encoding, format) + rows.map { ";" + $0 }.joined()
        self.init(source: source, configuration: settings)
    }

    /// Creates the identity that a manifest or a checkpoint states.
    package init(source: SourceName, configuration: String) {
        self.source = source
        self.configuration = configuration
    }

    /// A 32-digit digest of source and configuration; never a message id.
    package var digest: String {
        Hexadecimal.text(SHA256.digest(Array("\(source.attribute)\n\(configuration)".utf8)).prefix(16))
    }

}

extension Identity {
    /// Returns the settings in a fixed order. Those of zstd are included only if bodies are compressed:
    ///
    ///     sluice=2;delimiter=2c;quote=22;header=first;encoding=utf-8;bare-cr=error;…;text=json;zstd=3;libzstd=1.5.4;
    ///     limit=262144;segment=16777216;oversize=error
    ///
    /// Bytes are written as hexadecimal digits, and so are the names of a given header: `header=6964,6e616d65`. More than
    /// ``headerLimit`` bytes of names are abbreviated, as long sources are, so that every manifest can hold the text. A
    /// setting of a later version is included only if it differs from its default, so that the same meaning keeps the same
    /// text.
    static func configuration(_ dialect: Dialect, _ encoding: Encoding, _ format: MessageFormat) -> String {
        let compression = format.compression.map { ["zstd=\($0)", "libzstd=\(zstdVersion)"] } ?? []
        let settings =
            [
                "sluice=2", "delimiter=\(Hexadecimal.text(dialect.wholeDelimiter))",
                "quote=\(dialect.usesQuotes ? Hexadecimal.text([dialect.quote]) : "none")",
                "header=\(header(dialect.header))",
                "encoding=\(encoding.name)", "bare-cr=\(dialect.bareCR.rawValue)",
                "quote-in-plain=\(dialect.quoteInPlain.rawValue)", "after-quote=\(dialect.afterQuote.rawValue)",
                "unterminated=\(dialect.unterminated.rawValue)", "ragged=\(dialect.ragged.rawValue)",
                "duplicate-headers=\(dialect.duplicateHeaders.rawValue)",
                "invalid-utf8=\(dialect.invalidUTF8.rawValue)", "blank-lines=\(dialect.blankLines.rawValue)",
                "max-record=\(dialect.maxRecord)", "max-columns=\(dialect.maxColumns)",
                "text=\(format.text.rawValue)",
            ] + compression + [
                "limit=\(format.limit)", "segment=\(format.segmentSize)", "oversize=\(format.oversize.rawValue)",
            ]
        return (settings + newer(dialect)).joined(separator: ";")
    }

    private static func newer(_ dialect: Dialect) -> [String] {
        let usual = Dialect()
        func setting<Value: Equatable>(_ name: String, _ value: KeyPath<Dialect, Value>, _ text: String) -> [String] {
            dialect[keyPath: value] == usual[keyPath: value] ? [] : ["\(name)=\(text)"]
        }
        let join = Hexadecimal.text(dialect.headerJoin.utf8)
        return setting("nul-in-name", \.nulInNames, dialect.nulInNames.rawValue)
            + setting("assume-csv", \.assumesCSV, "true")
            + setting("skip-lines", \.skippedLines, "\(dialect.skippedLines)")
            + setting("header-rows", \.headerRows, dialect.headerRows.map { "\($0)" }.joined(separator: ","))
            // Without a second row there is nothing to join.
            + (dialect.headerRows.count > 1 ? setting("header-join", \.headerJoin, join) : [])
            + setting("skip-after-header", \.skippedAfterHeader, "\(dialect.skippedAfterHeader)")
            + setting("comment", \.comments, comments(dialect))
            + setting("escape", \.escape, Hexadecimal.text(dialect.escape.map { [$0] } ?? []))
            + setting("double-quotes", \.doublesQuotes, "false")
            + setting("trim", \.trim, dialect.trim.rawValue)
            + setting("sep-line", \.sepLine, dialect.sepLine.rawValue)
    }

    /// The texts in one order, each once: in which order they are given means nothing.
    private static func comments(_ dialect: Dialect) -> String {
        Set(dialect.comments.map(Hexadecimal.text)).sorted().joined(separator: ",")
    }

    /// The most bytes of a header's names that are not abbreviated.
    package static let headerLimit = 480

    /// The version of the library that compresses bodies: another one may give other bytes, and so end messages elsewhere.
    package static let zstdVersion = String(cString: ZSTD_versionString())

    private static func header(_ header: Dialect.HeaderSource) -> String {
        switch header {
        case .firstRecord: "first"
        case .none: "none"
        case .names(let names):
            Abbreviation.of(
                names.map { Hexadecimal.text($0.utf8) }.joined(separator: ","),
                limit: headerLimit,
                prefix: 0
            )
        }
    }
}
