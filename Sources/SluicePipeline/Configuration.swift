import Logging
import SluiceCSV
import SluiceEngine
import SluiceJSON

/// The configuration of the function, as the environment gives it.
package struct Configuration: Sendable {
    /// Every fault of the environment, so that all of them can be repaired in one attempt.
    package struct Faults: Error, Sendable, Hashable, CustomStringConvertible {
        package var faults: [String]

        package var description: String { faults.joined(separator: "; ") }
    }

    /// A bucket, and the prefix of keys in it.
    package struct Offload: Sendable, Hashable {
        package var bucket: String
        package var prefix: String
    }

    /// The queue that messages go to.
    package var queueURL: String
    /// The queue that reports of invalid files and rejects go to; nil if the former are only logged.
    package var errorQueueURL: String?
    /// How records that break a rule are put aside; nil if the first of them ends the conversion of an object.
    package var rejects: RejectRules?
    /// Only keys with one of these suffixes are converted, in upper or lower case. Empty for all keys.
    package var suffixes: [String]
    /// How invocations share the work on an object.
    package var sharing: WorkSharing
    /// The schemas of objects, by prefixes of their keys.
    package var schemas: SchemasByPrefix
    /// Constraints that a schema may have although they are not checked.
    package var skippedConstraints: Set<Schema.Constraint>
    /// The dialect, the encoding and the rows of objects without a schema.
    package var dialect: Dialect
    package var encoding: Encoding
    package var shape: RowShape
    package var format: MessageFormat
    /// Where rows go that do not fit into a message; nil if they are not offloaded.
    package var offload: Offload?
    /// Whether the queue that invokes the function takes answers that name the messages that failed.
    package var reportsFailedMessages: Bool
    /// Whether to compare the MD5 that the queue returns for each message.
    package var checksMD5: Bool
    /// Whether to agree to pay for reading objects, which buckets of other accounts may demand.
    package var paysForRequests: Bool
    /// The longest time to wait for a byte from an AWS service.
    package var idleTimeout: Duration
    package var logLevel: Logger.Level
    package var metricsLevel: MetricsLevel
    package var metricsNamespace: String
    package var functionName: String
    /// The environment, which is read again for each schema.
    let environment: @Sendable (String) -> String?

    /// Reads the environment. An empty variable counts as not set.
    ///
    /// - Parameter environment: returns the value of a variable, or nil if it is not set.
    /// - Throws: every fault found.
    package init(_ environment: @escaping @Sendable (String) -> String?) throws(Faults) {
        var reader = EnvironmentReader(environment)
        queueURL = reader.url("SLUICE_QUEUE_URL") ?? ""
        if queueURL.isEmpty { reader.missing("SLUICE_QUEUE_URL", "the URL of the queue that messages go to") }
        errorQueueURL = reader.url("SLUICE_ERROR_QUEUE_URL")
        rejects = reader.rejects()
        suffixes = reader.suffixes("SLUICE_SUFFIXES") ?? [".csv"]
        sharing = reader.sharing()
        schemas = reader.schemas()
        skippedConstraints = reader.choices("SLUICE_SKIP_CONSTRAINTS")
        dialect = reader.dialect()
        encoding = reader.encoding("SLUICE_ENCODING") ?? .utf8
        shape = reader.shape()
        format = MessageFormat(
            limit: reader.size("SLUICE_MAX_BYTES", in: MessageFormat.limits) ?? MessageFormat.sqs.limit,
            text: reader.choice("SLUICE_MESSAGE_FORMAT") ?? .json,
            compression: reader.level("SLUICE_ZSTD"),
            oversize: reader.choice("SLUICE_OVERSIZE") ?? .error
        )
        offload = reader.offload(format.oversize)
        reportsFailedMessages = reader.flag("SLUICE_BATCH_ITEM_FAILURES")
        checksMD5 = reader.flag("SLUICE_CHECK_MD5")
        paysForRequests = reader.flag("SLUICE_REQUESTER_PAYS")
        idleTimeout = .seconds(reader.number("SLUICE_IDLE_TIMEOUT", in: 1...900) ?? 30)
        logLevel = reader.logLevel("LOG_LEVEL") ?? .info
        metricsLevel = reader.choice("SLUICE_METRICS_LEVEL") ?? .all
        metricsNamespace = reader.value("SLUICE_METRICS_NAMESPACE") ?? "Sluice"
        functionName = reader.value("AWS_LAMBDA_FUNCTION_NAME") ?? "sluice-lambda"
        self.environment = environment
        if let fault = dialect.fault { reader.addConflict(fault, of: EnvironmentReader.dialectVariables) }
        if !schemas.coverAllKeys, let fault = plainConverter.rowFault {
            reader.addConflict(fault, of: EnvironmentReader.rowVariables)
        }
        for entry in schemas.entries {
            guard case .inline(let text)? = entry.reference else { continue }
            do throws(SchemaFault) { _ = try converter(Array(text.utf8)) } catch {
                reader.add("\(entry.variable): \(error)")
            }
        }
        if !reader.faults.isEmpty { throw Faults(faults: reader.faults) }
    }

    /// Whether the object with this key must be converted.
    package func accepts(key: String) -> Bool {
        let key = key.lowercased()
        return suffixes.isEmpty || suffixes.contains { key.hasSuffix($0.lowercased()) }
    }
}
