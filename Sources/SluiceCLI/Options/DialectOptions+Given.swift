import ArgumentParser
import SluiceCSV
import SluiceEngine

extension DialectOptions {
    /// Returns what the options say of an input, so that it need not be found out.
    func given() throws -> Sniffing.Given {
        if schema.schema != nil || !schema.skipConstraints.isEmpty {
            throw ValidationError("describe makes a schema, and takes none")
        }
        var given = Sniffing.Given()
        given.dialect = try dialect()
        given.encoding = encoding == nil ? nil : try inputEncoding()
        given.hasDelimiter = delimiter != nil
        given.hasQuote = quote != nil
        given.hasEscape = escape != nil
        given.hasHeader = noHeader || header != nil || headerRows != nil
        given.hasSkippedLines = skipLines != nil || headerRows != nil
        given.hasComments = !comment.isEmpty
        given.hasLineEnds = bareCr != nil
        given.hasTrim = trim != nil
        return given
    }
}
