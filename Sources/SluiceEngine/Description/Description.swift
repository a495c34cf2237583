import SluiceCSV
import SluiceJSON

/// What an input is and holds: how it is read, and what each column's values are.
package struct Description: Sendable {
    /// The input, as the user named it.
    package var input: String
    package var encoding: Encoding
    package var dialect: Dialect
    /// The names of the columns, made up if the input has none.
    package var names: [[UInt8]]
    package var columns: [ColumnProfile]
    package var rows: UInt64
    /// The number of bytes as stored; nil if they were not counted, because the input is no file.
    package var bytes: UInt64?
    package var faults: Faults
}

extension CSVConverter {
    /// Reads a whole input once and describes it. Invalid records are left out, counted and, the first of them, kept.
    ///
    /// Time is proportional to the input. Memory is proportional to the number of columns and threads, at most about 3 MiB for each
    /// thread in a table of up to 64 columns.
    package func describe(_ input: String) throws(SluiceError) -> Description {
        try check()
        let content = try open(input).content(of: self)
        let run = DescriptionRun(self)
        var failure: SluiceError?
        do throws(SluiceError) { try run.run(content) } catch { failure = error }
        try content.finish(after: failure)
        let findings = run.findings
        let header = findings.header
        return Description(
            input: input,
            encoding: encoding,
            dialect: dialect,
            names: header?.names ?? (0..<(header?.width ?? 0)).map { Array("field\($0 + 1)".utf8) },
            columns: findings.columns(),
            rows: findings.rows,
            bytes: try measure(input).stored,
            faults: findings.faults
        )
    }
}
