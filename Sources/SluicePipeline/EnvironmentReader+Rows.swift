import SluiceCSV
import SluiceJSON

/// The variables for rows, one for each of the command's options. Those that take several values take one CSV record:
///
///     SLUICE_NULL=,NA            the empty text and NA
///     SLUICE_SELECT="a,b",c      the columns `a,b` and `c`
extension EnvironmentReader {
    /// Those that may contradict each other.
    static let rowVariables = [
        "SLUICE_NO_HEADER", "SLUICE_TYPES", "SLUICE_NULL", "SLUICE_EMPTY", "SLUICE_NULL_AS", "SLUICE_SELECT",
        "SLUICE_DROP", "SLUICE_RENAME", "SLUICE_NEST", "SLUICE_ADD_COLUMN",
    ]

    /// Returns the shape that the variables describe. Settings without a variable are those of `base`.
    mutating func shape(over base: RowShape = RowShape()) -> RowShape {
        var shape = base
        if let types = parts("SLUICE_TYPES", RowShape.NamedType.init, "NAME:TYPE", Self.types) { shape.types = types }
        if let texts = texts("SLUICE_NULL") { shape.nullTexts = texts }
        if let form: RowShape.EmptyForm = choice("SLUICE_EMPTY") { shape.emptyForm = form }
        if let form: RowShape.NullForm = choice("SLUICE_NULL_AS") { shape.nullForm = form }
        if let form: QuotedEmpty = choice("SLUICE_QUOTED_EMPTY") { shape.keepsQuotedEmpty = form == .string }
        if let names = texts("SLUICE_SELECT") { shape.selected = names }
        if let names = texts("SLUICE_DROP") { shape.dropped = names }
        if let names = parts("SLUICE_RENAME", RowShape.Renaming.init, "OLD=NEW") { shape.renamed = names }
        if let separator = value("SLUICE_NEST") { shape.nestSeparator = Array(separator.utf8) }
        if let columns = parts("SLUICE_ADD_COLUMN", RowShape.AddedColumn.init, "NAME=VALUE", Self.added) {
            shape.added = columns
        }
        if let form: LeadingZeros = choice("SLUICE_LEADING_ZEROS") { shape.stripsLeadingZeros = form == .strip }
        if let form: ColumnRule.BigIntegers = choice("SLUICE_BIG_INTEGERS") {
            shape.bigIntegers = form == .number ? nil : form
        }
        return shape
    }

    private enum QuotedEmpty: String, CaseIterable { case string, null }
    private enum LeadingZeros: String, CaseIterable { case error, strip }

    private static let types = ", with a type of \(FieldType.plain.map(\.name).joined(separator: ", "))"
    private static let added = """
        , with a value of \(RowShape.AddedColumn.Value.named.map(\.name).joined(separator: ", ")), or a text \
        (@@ for a first @)
        """

    /// Reads values that are separated by commas, as one CSV record.
    mutating func list(_ name: String) -> [String]? {
        guard let text = value(name) else { return nil }
        return Dialect.names(inRecord: text) ?? fault(name, takes: "one CSV record, such as a,b")
    }

    mutating func texts(_ name: String) -> [[UInt8]]? { list(name)?.map { Array($0.utf8) } }

    private mutating func parts<Part>(
        _ name: String,
        _ read: (String) -> Part?,
        _ form: String,
        _ words: String = ""
    ) -> [Part]? {
        guard let texts = list(name) else { return nil }
        let parts = texts.compactMap(read)
        return parts.count == texts.count
            ? parts : fault(name, takes: "\(form) for each column, separated by commas\(words)")
    }
}
