import Logging
import Sluice
import SluiceCSV

/// What the environment asks the function to do.
package struct Configuration: Sendable {
    /// Every fault of the environment, so that one attempt is enough to mend them all.
    package struct Faults: Error, Sendable, Hashable, CustomStringConvertible {
        package var faults: [String]

        package var description: String { faults.joined(separator: "; ") }
    }

    /// A bucket, and what keys in it begin with.
    package struct Offload: Sendable, Hashable {
        package var bucket: String
        package var prefix: String
    }

    /// Where messages go.
    package var queueURL: String
    /// Where reports of invalid files go; nil if they are only logged.
    package var errorQueueURL: String?
    /// Keys that end so are converted, whatever the case of their letters; empty: all keys.
    package var suffixes: [String]
    /// What makes large objects work: where notes are, and what is started when one invocation is not enough.
    package var handoff: Handoff
    package var dialect: Dialect
    package var encoding: Encoding
    package var format: MessageFormat
    /// Where rows go that fit no message; nil: nowhere.
    package var offload: Offload?
    /// The longest time without a byte from a service of AWS.
    package var idleTimeout: Duration
    package var logLevel: Logger.Level
    package var metricsNamespace: String
    package var functionName: String

    /// Reads the environment: `environment` gives the value of a variable, or nil if it is not set.
    ///
    /// A variable that is empty counts as one that is not set.
    package init(_ environment: @escaping (String) -> String?) throws(Faults) {
        var reader = EnvironmentReader(environment)
        queueURL = reader.url("SLUICE_QUEUE_URL") ?? ""
        if queueURL.isEmpty { reader.missing("SLUICE_QUEUE_URL", "the URL of the queue that messages go to") }
        errorQueueURL = reader.url("SLUICE_ERROR_QUEUE_URL")
        suffixes = reader.suffixes("SLUICE_SUFFIXES") ?? [".csv"]
        handoff = reader.handoff()
        dialect = reader.dialect()
        encoding = reader.encoding("SLUICE_ENCODING") ?? .utf8
        format = MessageFormat(
            limit: reader.size("SLUICE_MAX_BYTES", in: MessageFormat.limits) ?? 262_144,
            text: reader.choice("SLUICE_MESSAGE_FORMAT") ?? .json,
            compression: reader.level("SLUICE_ZSTD"),
            oversize: reader.choice("SLUICE_OVERSIZE") ?? .error
        )
        offload = reader.offload(format.oversize)
        idleTimeout = .seconds(reader.number("SLUICE_IDLE_TIMEOUT", in: 1...900) ?? 30)
        logLevel = reader.logLevel("LOG_LEVEL") ?? .info
        metricsNamespace = reader.value("SLUICE_METRICS_NAMESPACE") ?? "Sluice"
        functionName = reader.value("AWS_LAMBDA_FUNCTION_NAME") ?? "sluice-lambda"
        if !reader.faults.isEmpty { throw Faults(faults: reader.faults) }
    }

    /// Whether an object of that key is to be converted.
    package func accepts(key: String) -> Bool {
        let key = key.lowercased()
        return suffixes.isEmpty || suffixes.contains { key.hasSuffix($0.lowercased()) }
    }
}
