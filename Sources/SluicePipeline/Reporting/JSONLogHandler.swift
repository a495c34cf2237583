import Logging
import SluiceJSON
import SluicePlatform

/// Writes log messages as lines of JSON, in the format that AWS Lambda parses.
///
///     {"timestamp":"2026-01-31T12:00:00.123Z","level":"INFO","message":"converted","requestId":"…","rows":"3"}
///
/// Metadata become members of the line; values are strings, lists and objects.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let output: LineOutput
    private let now: @Sendable () -> Int64

    /// - Parameter now: returns the time in milliseconds since 1970.
    package init(
        _ logLevel: Logger.Level,
        output: LineOutput = .standardError,
        now: @escaping @Sendable () -> Int64 = { System.millisecondsSinceEpoch }
    ) {
        self.logLevel = logLevel
        self.output = output
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var members: [(name: String, json: String)] = [
            ("timestamp", JSONWriter.string(Timestamp.iso(milliseconds: now()))),
            ("level", JSONWriter.string(Self.name(of: event.level))),
            ("message", JSONWriter.string("\(event.message)")),
        ]
        if let error = event.error { members.append(("error", JSONWriter.string("\(error)"))) }
        let taken = Set(members.map(\.name))
        let own = event.metadata ?? [:]
        for (name, value) in metadata.merging(own, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            members.append((taken.contains(name) ? "metadata.\(name)" : name, Self.json(value)))
        }
        output(JSONWriter.object(members))
    }

    /// Returns the level's name by which Lambda filters.
    private static func name(of level: Logger.Level) -> String {
        switch level {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARN"
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }

    private static func json(_ value: Logger.Metadata.Value) -> String {
        switch value {
        case .string(let text): JSONWriter.string(text)
        case .stringConvertible(let value): JSONWriter.string(value.description)
        case .array(let values): JSONWriter.array(values.map(json))
        case .dictionary(let values):
            JSONWriter.object(values.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
        }
    }
}
