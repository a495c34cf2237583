import SluiceCSV
import SluiceJSON

/// A record that was put aside, as summaries name it:
///
///     {"code":"quoteInPlain","line":5,"column":"note"}     quoteInPlain at line 5, column note
package struct RejectPlace: Sendable, Hashable, CustomStringConvertible {
    /// How many of an input's rejects summaries name.
    package static let most = 3

    package let code: CSVError.Code
    /// The physical line of the record's first byte.
    package let line: UInt64
    package let column: String?

    init(_ reject: Reject) {
        code = reject.error.code
        line = reject.line
        column = reject.error.isAboutField ? reject.error.column : nil
    }

    /// Reads ``json``. Returns nil for anything else.
    package init?(_ value: JSONValue) {
        guard let code = value["code"]?.text.flatMap(CSVError.Code.init), let line = value["line"]?.boundedInteger
        else {
            return nil
        }
        self.code = code
        self.line = line
        column = value["column"]?.text
    }

    package var json: String {
        let column = column.map { [("column", JSONWriter.string($0))] } ?? []
        return JSONWriter.object([("code", JSONWriter.string(code.rawValue)), ("line", "\(line)")] + column)
    }

    package var description: String { "\(code.rawValue) at line \(line)\(column.map { ", column \($0)" } ?? "")" }
}
