import SluiceCSV
import SluiceJSON
import SluicePlatform

/// A description as a Data Resource of the Data Package standard, version 2.0, which a schema is read from.
///
///     {
///       "name": "orders",
///       "path": "orders.csv",
///       …
///       "dialect": {"delimiter":";"},
///       "rows": 2,
///       "schema": {
///         "fields": [
///           {"name":"id","type":"integer"},
///           {"name":"price","type":"number","missingValues":["","NA"]}
///         ],
///         "missingValues": [""]
///       }
///     }
package struct DataResource {
    private let description: Description
    /// Whether fields also have what was counted of their values.
    private let hasStatistics: Bool

    package init(_ description: Description, hasStatistics: Bool) {
        self.description = description
        self.hasStatistics = hasStatistics
    }

    /// The JSON, whose lines but the first start with `indent`.
    package func json(indent: String = "") -> String {
        let inner = indent + "  "
        var members = [("name", JSONWriter.string(name))]
        if let path { members.append(("path", JSONWriter.string(path))) }
        members += [
            ("format", JSONWriter.string("csv")), ("mediatype", JSONWriter.string("text/csv")),
            ("encoding", JSONWriter.string(description.encoding.name)),
            ("dialect", JSONWriter.object(dialect)),
            ("rows", "\(description.rows)"),
        ]
        if let bytes = description.bytes { members.append(("bytes", "\(bytes)")) }
        if !description.names.isEmpty { members.append(("schema", schema(indent: inner))) }
        let lines = members.map { "\(inner)\(JSONWriter.string($0.0)): \($0.1)" }
        return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }

    /// Several resources as a Data Package.
    package static func package(_ resources: [DataResource]) -> String {
        let list = resources.map { "    " + $0.json(indent: "    ") }.joined(separator: ",\n")
        return "{\n  \"resources\": [\n\(list)\n  ]\n}"
    }

    private func schema(indent: String) -> String {
        let fields = zip(description.names, description.columns).map { name, column in
            "\(indent)    " + JSONWriter.object(field(String(decoding: name, as: UTF8.self), column))
        }
        return "{\n\(indent)  \"fields\": [\n" + fields.joined(separator: ",\n") + "\n\(indent)  ],\n"
            + "\(indent)  \"missingValues\": [\"\"]\n\(indent)}"
    }

    private func field(_ name: String, _ column: ColumnProfile) -> [(name: String, json: String)] {
        let type = column.type
        var members = [
            ("name", JSONWriter.string(name)), ("type", JSONWriter.string(type == .text ? "string" : type.name)),
        ]
        if type != .text, !column.missingWords.isEmpty {
            members.append(("missingValues", JSONWriter.array(([""] + column.missingWords).map(JSONWriter.string))))
        }
        if hasStatistics { members.append(("statistics", column.json)) }
        return members
    }
}

/// Names and paths.
extension DataResource {
    /// The file's name without its extensions, in the letters that the standard recommends.
    private var name: String {
        let title = RawText.bytes(OpenedInput.title(of: description.input))
        let last = title.split(separator: UInt8(ascii: "/")).last ?? []
        let stem = last.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "?") }
        let text = stem.map { byte in
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            let isPlain =
                (0x61...0x7A).contains(lower) || (0x30...0x39).contains(lower) || lower == 0x5F || lower == 0x2D
            return isPlain ? lower : UInt8(ascii: "-")
        }
        return text.isEmpty ? "resource" : String(decoding: text, as: UTF8.self)
    }

    /// A path must be relative, and not lead out of the folder; otherwise the file's name stands for it.
    private var path: String? {
        let input = description.input
        if input == "-" || RawText.isRaw(input) { return nil }
        let parts = input.split(separator: "/", omittingEmptySubsequences: false)
        let isOutside = input.hasPrefix("/") || parts.contains("..")
        return input.contains("://") || !isOutside ? input : parts.last.map(String.init)
    }
}

/// The dialect as a Table Dialect: what differs from its defaults.
extension DataResource {
    private var dialect: [(name: String, json: String)] {
        let dialect = description.dialect
        var members: [(name: String, json: String)] = []
        if dialect.wholeDelimiter != [UInt8(ascii: ",")] {
            members.append(("delimiter", Self.text(dialect.wholeDelimiter)))
        }
        if !dialect.usesQuotes {
            members.append(("quoteChar", "\"\""))
        } else if dialect.quote != UInt8(ascii: "\"") {
            members.append(("quoteChar", Self.text([dialect.quote])))
        }
        if let escape = dialect.escape { members.append(("escapeChar", Self.text([escape]))) }
        if dialect.bareCR == .newline { members.append(("lineTerminator", "\"\\r\"")) }
        if dialect.trim == .initial { members.append(("skipInitialSpace", "true")) }
        if let comment = dialect.comments.first, dialect.comments.count == 1 {
            members.append(("commentChar", Self.text(comment)))
        }
        return members + start
    }

    private var start: [(name: String, json: String)] {
        let dialect = description.dialect
        var members: [(name: String, json: String)] = []
        if dialect.header != .firstRecord { members.append(("header", "false")) }
        let rows = dialect.headerRows.map { $0 + dialect.skippedLines }
        if dialect.header == .firstRecord, rows != [1] {
            members.append(("headerRows", JSONWriter.array(rows.map(String.init))))
        }
        if dialect.headerRows.count > 1, dialect.headerJoin != " " {
            members.append(("headerJoin", JSONWriter.string(dialect.headerJoin)))
        }
        if dialect.skippedAfterHeader > 0 {
            let last = dialect.header == .firstRecord ? rows.last ?? 0 : 0
            let skipped = (1...dialect.skippedAfterHeader).map { String(last + $0) }
            members.append(("commentRows", JSONWriter.array(skipped)))
        }
        return members
    }

    private static func text(_ bytes: [UInt8]) -> String { JSONWriter.string(String(decoding: bytes, as: UTF8.self)) }
}

extension ColumnProfile {
    /// What was counted, for programs.
    fileprivate var json: String {
        func text(_ excerpt: Excerpt) -> String {
            JSONWriter.string(String(decoding: excerpt.text, as: UTF8.self) + (excerpt.isCut ? "…" : ""))
        }
        let counts = Kind.allCases.filter { count($0) > 0 }.map { ($0.name, "\(count($0))") }
        var members = [("kinds", JSONWriter.object(counts)), ("distinct", "\(distinctValues)")]
        if isSketched { members.append(("isEstimate", "true")) }
        members += [("shortest", "\(shortest)"), ("longest", "\(longest)"), ("characters", "\(characters)")]
        if let range { members += [("smallest", text(range.least)), ("largest", text(range.greatest))] }
        let values = frequent.map { JSONWriter.object([("value", text($0.value)), ("count", "\($0.count)")]) }
        members.append(("frequent", JSONWriter.array(values)))
        return JSONWriter.object(members)
    }
}
