import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The options that messages were made with, parsed from the configuration in their manifest.
///
///     sluice=2;delimiter=3b;quote=22;…;text=json;zstd=3;libzstd=1.5.4;limit=4096;…
///     --delimiter ';' --zstd=3 --max-bytes 4096
struct RunOptions {
    /// Arguments for the dialect, and for the format of messages. Options with their default value are omitted.
    private(set) var dialect: [String] = []
    private(set) var messages: [String] = []
    /// Arguments for the rows.
    private(set) var rows: [String] = []
    /// The options whose values are too long for a configuration, which has only a digest of them.
    private(set) var abbreviated: [String] = []
    /// The digest of the schema, and which of its constraints were not checked; nil if there was none.
    private(set) var schema: String?
    private(set) var unchecked: [TableSchema.Unchecked] = []
    /// How bad records were put aside; nil if they were not.
    private(set) var rejects: RejectRules?
    /// The version of libzstd that compressed the messages, if it differs from this program's.
    private(set) var libzstd: String?

    /// Settings that a configuration states only if they do not have their defaults.
    private static let newerSettings: Set<String> = [
        "nul-in-name", "assume-csv", "skip-lines", "header-rows", "header-join", "skip-after-header", "comment",
        "escape",
        "trim", "sep-line",
    ]
    private static let messageSettings: Set<String> = ["text", "zstd", "libzstd", "limit", "oversize"]

    /// Parses a configuration. Returns nil if options can't express it, because another version or a library made it.
    init?(_ configuration: String) {
        let usual = Set(CSVConverter().identity(SourceName("")).configuration.split(separator: ";"))
        let names = Set(usual.compactMap { Self.setting($0)?.name } + ["schema", "unchecked", "rejects"])
            .union(Self.newerSettings).union(Self.messageSettings).union(ShapeSettings.names)
        for part in configuration.split(separator: ";") where !usual.contains(part) {
            guard let (name, value) = Self.setting(part), names.contains(name) else { return nil }
            if name == "libzstd" {
                libzstd = value == Identity.zstdVersion ? nil : value
            } else if name == "schema" {
                schema = value
            } else if name == "rejects" {
                guard let rules = RejectRules(setting: value) else { return nil }
                rejects = rules
            } else if name == "unchecked" {
                guard let list = TableSchema.unchecked(value) else { return nil }
                unchecked = list
            } else if ShapeSettings.isAbbreviated(value) {
                abbreviated.append(name)
            } else if ShapeSettings.names.contains(name) {
                guard let option = Self.rowOption(name, value) else { return nil }
                rows += option
            } else {
                guard let option = Self.option(name, value) else { return nil }
                if Self.messageSettings.contains(name) { messages += option } else { dialect += option }
            }
        }
    }

    /// Arguments that put bad records aside as the run did. Where the records went is not known: here to the queue.
    var rejectWords: [String] {
        guard let rejects else { return [] }
        let limit = rejects.limit == .none ? [] : ShellQuoting.option("max-rejects", rejects.setting)
        return ["--rejects", "messages"] + limit
    }

    private static func setting(_ part: Substring) -> (name: String, value: String)? {
        guard let mark = part.firstIndex(of: "=") else { return nil }
        return (String(part[..<mark]), String(part[part.index(after: mark)...]))
    }

    private static func option(_ name: String, _ value: String) -> [String]? {
        switch name {
        case "sluice", "segment": nil
        case "assume-csv": value == "true" ? ["--assume-csv"] : nil
        case "quote" where value == "none": ShellQuoting.option(name, value)
        case "delimiter", "quote", "escape": text(value).map { ShellQuoting.option(name, $0 == "\t" ? "tab" : $0) }
        case "header-join": text(value).map { ShellQuoting.option(name, $0) }
        case "comment":
            value.split(separator: ",").reduce([]) { options, value in
                text(String(value)).flatMap { text in options.map { $0 + ShellQuoting.option(name, text) } }
            }
        case "header": value == "none" ? ["--no-header"] : header(value)
        case "text": ShellQuoting.option("message-format", value)
        case "zstd": ["--zstd=\(value)"]
        case "limit": ShellQuoting.option("max-bytes", value)
        default: ShellQuoting.option(name, value)
        }
    }

    /// Returns the text whose bytes these hexadecimal digits are.
    private static func text(_ digits: String) -> String? {
        Hexadecimal.bytes(digits.utf8).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func header(_ value: String) -> [String]? {
        texts(value).map { ShellQuoting.option("header", Dialect.record(of: $0)) }
    }

    /// Returns the texts in a list of hexadecimal digits with commas between them.
    private static func texts(_ value: String) -> [String]? {
        let parts = value.split(separator: ",", omittingEmptySubsequences: false).map(text)
        return parts.contains(nil) ? nil : parts.compactMap(\.self)
    }

    private static func text(_ digits: Substring) -> String? {
        Hexadecimal.bytes(digits.utf8).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func rowOption(_ name: String, _ value: String) -> [String]? {
        switch name {
        case "null": texts(value)?.flatMap { ShellQuoting.option(name, $0) }
        case "select", "drop": texts(value).map { ShellQuoting.option(name, Dialect.record(of: $0)) }
        case "nest": texts(value)?.first.map { ShellQuoting.option(name, $0) }
        case "types":
            pairs(value) { name, type in text(name).map { "\($0):\(type)" } }
                .map { ShellQuoting.option(name, Dialect.record(of: $0)) }
        case "rename":
            pairs(value) { old, new in text(old).flatMap { old in text(new).map { "\(old)=\($0)" } } }
                .map { ShellQuoting.option(name, Dialect.record(of: $0)) }
        case "add-column":
            pairs(value) { name, value in text(name).flatMap { name in added(value).map { "\(name)=\($0)" } } }?
                .flatMap { ShellQuoting.option(name, $0) }
        default: ShellQuoting.option(name, value)
        }
    }

    /// Returns the texts that `join` makes of a list of pairs with colons.
    private static func pairs(_ value: String, _ join: (Substring, Substring) -> String?) -> [String]? {
        let texts = value.split(separator: ",", omittingEmptySubsequences: false).map { part in
            part.firstIndex(of: ":").flatMap { join(part[..<$0], part[part.index(after: $0)...]) }
        }
        return texts.contains(nil) ? nil : texts.compactMap(\.self)
    }

    /// Returns an added value as an option states it.
    private static func added(_ value: Substring) -> String? {
        if value.hasPrefix("@") { return String(value) }
        return text(value).map { $0.hasPrefix("@") ? "@\($0)" : $0 }
    }
}
