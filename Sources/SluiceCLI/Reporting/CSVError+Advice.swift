import SluiceCSV
import SluiceEngine

extension CSVError {
    /// Returns what to do about the error, naming options of the command, or nil if there is no advice. The engine states
    /// facts and remedies; only this extension, with ``inputAdvice(for:)``, knows of the command's options.
    ///
    /// - Parameter input: how a command reads the input.
    func advice(for input: InputWord) -> String? {
        let parts =
            [explanation].compactMap(\.self) + remedies.map(advice) + furtherAdvice(input)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private func advice(about remedy: Remedy) -> String {
        let (name, value) = remedy.setting
        return "\(purpose(of: remedy)): --\(name) \(ShellQuoting.quoted(value))"
    }

    private func purpose(of remedy: Remedy) -> String {
        switch remedy {
        case .endRecordAtCR: "to end the record there"
        case .keepCR: "to keep it as data"
        case .keepQuote: "to accept such quotes as data"
        case .appendText: "to append the text to the value"
        case .closeQuote: "to end the field where the input ends"
        case .padRecord:
            if case .fields(let count) = detail, count.found > count.expected {
                "to keep the extra fields, which are empty, under generated names"
            } else {
                "if the fields missing at its end are empty"
            }
        case .numberColumns: "to number them"
        case .replaceBytes: "to replace such bytes with U+FFFD, which loses them"
        case .skipBlankLines: "to skip such lines"
        case .trimSpaces: "to remove spaces around values and quotes"
        case .escapeByBackslash: "to read backslashes as escape characters"
        case .useSepLine: "to use that delimiter"
        }
    }

    private func furtherAdvice(_ input: InputWord) -> [String] {
        switch code {
        case .raggedRecord:
            if case .fields(let count) = detail, count.expected == 1 { ["to set it: --delimiter"] } else { [] }
        case .invalidUTF8 where remedies.isEmpty:
            switch input.otherText {
            case .windows: ["if it was written on Windows in Western Europe: --encoding windows-1252"]
            case .mixed: ["other characters of the input are UTF-8, so it is damaged or mixes encodings"]
            case .unknown: ["it is damaged, or in another encoding; to name it: --encoding"]
            }
        case .utf16Input, .utf32Input, .byteOrderMark, .noByteOrderMark, .wrongEncoding, .invalidEncoding, .notCSV,
            .nulInName:
            [inputAdvice(for: input)]
        case .sepLine: remedies.isEmpty ? ["remove the line"] : []
        case .unknownColumn: [unknownColumnAdvice].compactMap(\.self)
        case .memberConflict: [conflictAdvice]
        case .headerMismatch:
            if case .drift(let drift) = detail { [drift.advice] } else { Self.mixedHeaders }
        case .rowTooLarge:
            [
                "to leave such rows out and count them: --oversize reject",
                "to keep them, as larger messages: --oversize offload; or raise --max-bytes",
            ]
        case .recordTooLong:
            ["look for a quote that is not closed"] + unclosedQuote + longerRecord
        case .tooManyColumns: moreColumns
        case .tooManyRejects: ["see what is wrong with them; to allow more: --max-rejects"]
        case .typeMismatch: valueAdvice
        default: []
        }
    }

    /// Where no value holds line ends, a lost quote costs one line.
    private var unclosedQuote: [String] {
        let given = Rerun()
        guard given.rejectsRecords, given.value(of: "unterminated") != "next-line" else { return [] }
        let rejects = given.value(of: "rejects") == nil ? "--rejects PATH " : ""
        return ["to put its line aside and go on, if no value has several lines: \(rejects)--unterminated next-line"]
    }

    private static let mixedHeaders = [
        "convert it separately; to allow rows with different keys in one output: --allow-mixed-headers"
    ]

    /// Names are given as they stand in the header.
    private var unknownColumnAdvice: String? {
        guard case .unknown(let setting, let similar) = detail, similar != nil else { return nil }
        return "give the name to --\(setting.rawValue) exactly as it is in the header"
    }

    private var conflictAdvice: String {
        if case .conflict(.tooDeep) = detail { return "to give the column a shorter name: --rename" }
        return "to give one of the columns another name: --rename; to leave one out: --drop"
    }

    /// Advice to raise the limit on a record's bytes, unless it is at its maximum.
    private var longerRecord: [String] {
        let limits = Dialect.recordLimits
        let limit =
            Rerun().value(of: "max-record").flatMap { ByteCount.parse($0, in: limits) } ?? Dialect.rfc4180.maxRecord
        guard limit < limits.upperBound else { return [] }
        let larger = limit < limits.upperBound / 64 ? max(64 * limit, 1 << 30) : limits.upperBound
        return ["if the record is meant to be that long: --max-record \(larger >> 30)GiB"]
    }

    private var moreColumns: [String] {
        // `field` is the first one beyond the limit.
        let (limit, most) = (field - 1, Dialect.columnLimits.upperBound)
        return limit < most ? ["if it is meant to have that many: --max-columns \(min(16 * limit, most))"] : []
    }
}
