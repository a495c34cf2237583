import Logging
import Sluice
import SluiceJSON

/// What is wrong with an object that is no CSV.
struct Fault: Sendable {
    let error: CSVError
    /// The offset of the record at fault.
    let recordStart: UInt64
}

/// What the error queue is told of an object that is no CSV.
///
///     {"source":"s3://…","input":"s3://…","requestId":"…","code":"quoteInPlain","offset":10,"record":3,"field":2,
///      "message":"quote inside an unquoted field; to accept it: SLUICE_QUOTE_IN_PLAIN=data","excerpt":"1,a\"b"}
///
/// The excerpt is what the input has from the start of the record on; what of it is not UTF-8 is replaced.
struct FaultReport {
    let fault: Fault
    let source: String
    /// What the command takes for the object.
    let input: String
    let requestID: String
    let excerpt: [UInt8]?

    /// The most bytes of the record that a report holds.
    static let excerptSize = 200

    var json: String {
        var members: [(name: String, json: String)] = [
            ("source", JSONText.string(source)), ("input", JSONText.string(input)),
            ("requestId", JSONText.string(requestID)),
        ]
        members += fault.error.members + [("message", JSONText.string(message))]
        if let excerpt {
            members.append(("excerpt", JSONText.string(String(decoding: excerpt, as: Unicode.UTF8.self))))
        }
        return JSONText.object(members)
    }

    /// The same for the log.
    var metadata: Logger.Metadata {
        [
            "source": "\(source)", "code": "\(fault.error.code.rawValue)", "offset": "\(fault.error.offset)",
            "record": "\(fault.error.record)", "field": "\(fault.error.field)", "reason": "\(message)",
        ]
    }

    private var message: String {
        fault.error.reason + (fault.error.code.remedy.map { "; to accept it: \($0)" } ?? "")
    }
}

extension CSVError.Code {
    /// The variable of the environment that makes the function accept it.
    fileprivate var remedy: String? {
        switch self {
        case .bareCR: "SLUICE_BARE_CR=newline, or data"
        case .quoteInPlain: "SLUICE_QUOTE_IN_PLAIN=data"
        case .textAfterQuote: "SLUICE_AFTER_QUOTE=append"
        case .unterminatedQuote: "SLUICE_UNTERMINATED=close"
        case .raggedRecord: "SLUICE_RAGGED=pad"
        case .duplicateHeader: "SLUICE_DUPLICATE_HEADERS=rename"
        case .invalidUTF8: "SLUICE_INVALID_UTF8=replace"
        case .blankLine: "SLUICE_BLANK_LINES=skip"
        case .rowTooLarge:
            "SLUICE_OVERSIZE=offload, which puts it into S3, reject, which leaves it out, or a larger SLUICE_MAX_BYTES"
        case .utf16Input, .badCompression, .fileCutShort: nil
        }
    }
}
