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
    /// The digest that stands for a header's names if they are too long for a configuration; otherwise nil.
    private(set) var header: String?
    /// The digest of the schema, and which of its constraints were not checked; nil if there was none.
    private(set) var schema: String?
    private(set) var unchecked: [TableSchema.Unchecked] = []
    /// The version of libzstd that compressed the messages, if it differs from this program's.
    private(set) var libzstd: String?

    private static let messageSettings: Set<String> = ["text", "zstd", "libzstd", "limit", "oversize"]

    /// Parses a configuration. Returns nil if options can't express it, because another version or a library made it.
    init?(_ configuration: String) {
        let usual = Set(CSVConverter().identity(SourceName("")).configuration.split(separator: ";"))
        let names = Set(
            usual.compactMap { Self.setting($0)?.name } + ["nul-in-name", "assume-csv", "schema", "unchecked"]
        )
        .union(Self.messageSettings)
        for part in configuration.split(separator: ";") where !usual.contains(part) {
            guard let (name, value) = Self.setting(part), names.contains(name) else { return nil }
            if name == "libzstd" {
                libzstd = value == Identity.zstdVersion ? nil : value
            } else if name == "schema" {
                schema = value
            } else if name == "unchecked" {
                guard let list = TableSchema.unchecked(value) else { return nil }
                unchecked = list
            } else if name == "header", value.hasPrefix("~") {
                header = value
            } else {
                guard let option = Self.option(name, value) else { return nil }
                if Self.messageSettings.contains(name) { messages += option } else { dialect += option }
            }
        }
    }

    private static func setting(_ part: Substring) -> (name: String, value: String)? {
        guard let mark = part.firstIndex(of: "=") else { return nil }
        return (String(part[..<mark]), String(part[part.index(after: mark)...]))
    }

    private static func option(_ name: String, _ value: String) -> [String]? {
        switch name {
        case "sluice", "segment": nil
        case "assume-csv": value == "true" ? ["--assume-csv"] : nil
        case "delimiter", "quote":
            Hexadecimal.bytes(value.utf8).map {
                ShellQuoting.option(name, $0 == [0x09] ? "tab" : String(decoding: $0, as: UTF8.self))
            }
        case "header": value == "none" ? ["--no-header"] : header(value)
        case "text": ShellQuoting.option("message-format", value)
        case "zstd": ["--zstd=\(value)"]
        case "limit": ShellQuoting.option("max-bytes", value)
        default: ShellQuoting.option(name, value)
        }
    }

    private static func header(_ value: String) -> [String]? {
        let columns = value.split(separator: ",", omittingEmptySubsequences: false).map { Hexadecimal.bytes($0.utf8) }
        let names = columns.compactMap { $0.map { String(decoding: $0, as: UTF8.self) } }
        guard names.count == columns.count else { return nil }
        return ShellQuoting.option("header", Dialect.record(of: names))
    }
}
