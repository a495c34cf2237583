import SluiceCSV
import SluiceJSON

/// What an input is and holds: how it is read, and what each column's values are.
package struct Description: Sendable {
    /// The input, as the user named it.
    package var input: String
    /// How it was read, and why so.
    package var sniffing: Sniffing
    /// The names of the columns, made up if the input has none.
    package var names: [[UInt8]]
    package var columns: [ColumnProfile]
    package var rows: UInt64
    /// The number of stored bytes; nil if the input is no file.
    package var bytes: UInt64?
    package var faults: Faults

    package var dialect: Dialect { sniffing.dialect }
    package var encoding: Encoding { sniffing.encoding }
}

extension CSVConverter {
    /// Finds out how an input is read, reads all of it once and describes it. Invalid records are left out, counted and,
    /// the first of them, kept.
    ///
    /// Time is proportional to the input. Memory is at most 3 MiB for each thread in tables of up to 32 columns, 8 MiB with
    /// 1,000 columns, and 512 MiB with 100,000.
    ///
    /// - Parameter given: What need not be found out. Its dialect has what else is to be as the user said.
    package func describe(_ input: String, _ given: Sniffing.Given) throws(SniffingError) -> Description {
        var converter = self
        converter.dialect = given.dialect
        let sampled = try SniffingError.of { () throws(SluiceError) in try SampledInput(converter, input) }
        let sniffing = try sampled.sniffed(given)
        (converter.dialect, converter.encoding) = (sniffing.dialect, sniffing.encoding)
        return try SniffingError.of { () throws(SluiceError) in
            try converter.check()
            var description = try converter.describe(try sampled.content(of: converter), as: sniffing, input)
            if input != "-" { description.bytes = try measure(input).stored }
            return description
        }
    }

    /// Describes an opened input, which is read as this conversion says.
    package func describe(
        _ content: OpenedInput.Content,
        as sniffing: Sniffing,
        _ input: String
    ) throws(SluiceError) -> Description {
        let run = DescriptionRun(self)
        var failure: SluiceError?
        do throws(SluiceError) { try run.run(content) } catch { failure = error }
        try content.finish(after: failure)
        let header = run.findings.header
        return Description(
            input: input,
            sniffing: sniffing,
            names: header?.names ?? (0..<(header?.width ?? 0)).map { Array("field\($0 + 1)".utf8) },
            columns: try run.findings.columns(),
            rows: run.findings.rows,
            bytes: nil,
            faults: run.findings.faults
        )
    }
}

extension SniffingError {
    /// Does `work`, whose error is one of the input.
    fileprivate static func of<Result>(_ work: () throws(SluiceError) -> Result) throws(SniffingError) -> Result {
        do throws(SluiceError) { return try work() } catch { throw .input(error) }
    }
}
