import Logging
import SluiceEngine
import SluiceJSON

/// The error in an invalid object.
struct Fault: Sendable {
    let error: CSVError
    /// The offset of the invalid record.
    let recordStart: UInt64
}

/// The report of an invalid object to the error queue.
///
///     {"source":"s3://…","input":"s3://…","requestId":"…","code":"quoteInPlain","line":5,"record":3,"field":2,
///      "column":"note","offset":41,"message":"quote inside an unquoted field; to accept it: SLUICE_QUOTE_IN_PLAIN=data",
///      "excerpt":"2,a\"b"}
///
/// With a schema, `schema` is its address, `s3://…?versionId=…`, or `SLUICE_SCHEMA`.
/// The excerpt holds the input from the start of the record; bytes that are not UTF-8 are replaced.
struct FaultReport {
    let fault: Fault
    let source: String
    /// The object's name as the command takes it.
    let input: String
    /// The schema's address, if one applies.
    let schema: String?
    let requestID: String
    let excerpt: [UInt8]?

    /// The most bytes of the record that a report holds.
    static let excerptSize = 200

    var json: String {
        var members: [(name: String, json: String)] = [
            ("source", JSONWriter.string(source)), ("input", JSONWriter.string(input)),
            ("requestId", JSONWriter.string(requestID)),
        ]
        if let schema { members.append(("schema", JSONWriter.string(schema))) }
        members += fault.error.members + [("message", JSONWriter.string(message))]
        if let excerpt {
            members.append(("excerpt", JSONWriter.string(String(decoding: excerpt, as: Unicode.UTF8.self))))
        }
        return JSONWriter.object(members)
    }

    /// The report for the log.
    var metadata: Logger.Metadata {
        [
            "source": "\(source)", "code": "\(fault.error.code.rawValue)", "offset": "\(fault.error.offset)",
            "line": "\(fault.error.line.map(String.init) ?? "unknown")",
            "record": "\(fault.error.record)", "field": "\(fault.error.field)", "reason": "\(message)",
        ]
    }

    private var message: String {
        let error = fault.error
        let settings = error.remedies.map(Self.variable) + (further.map { [$0] } ?? []) + error.schemaAdvice
        let acceptance = settings.isEmpty ? [] : ["to accept it: " + settings.joined(separator: ", or ")]
        return ([error.reason, error.explanation].compactMap(\.self) + acceptance).joined(separator: "; ")
    }

    private static func variable(of remedy: CSVError.Remedy) -> String {
        let (name, value) = remedy.setting
        return "SLUICE_\(name.uppercased().split(separator: "-").joined(separator: "_"))=\(value)"
    }

    /// What else may accept the error.
    private var further: String? {
        switch fault.error.finding {
        case .utf8, .utf16LittleEndian, .utf16BigEndian: "SLUICE_ENCODING=\(fault.error.finding?.rawValue ?? "")"
        default:
            fault.error.code == .invalidUTF8 && fault.error.remedies.isEmpty
                ? "if all of it was written on Windows in Western Europe, SLUICE_ENCODING=windows-1252"
                : Self.further[fault.error.code]
        }
    }

    private static let further: [CSVError.Code: String] = [
        .rowTooLarge:
            "SLUICE_OVERSIZE=offload, which puts it into S3, reject, which leaves it out, or a larger SLUICE_MAX_BYTES",
        .recordTooLong: """
        a larger SLUICE_MAX_RECORD, if no quote is left open; if one is and no value has several lines, \
        SLUICE_UNTERMINATED=next-line with SLUICE_REJECTS=report, which put its line aside
        """,
        .tooManyRejects: "a larger SLUICE_MAX_REJECTS",
        .tooManyColumns: "a larger SLUICE_MAX_COLUMNS", .nulInName: "SLUICE_NUL_IN_NAME=data",
        .notCSV: "if all uploads are CSV, however they start, SLUICE_ASSUME_CSV=true",
        .utf16Input: "SLUICE_ENCODING=utf-16",
        .noByteOrderMark: "SLUICE_ENCODING=utf-16le, or utf-16be", .wrongEncoding: "another SLUICE_ENCODING",
    ]
}
