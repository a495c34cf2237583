import SluiceCSV
import SluiceJSON

extension CSVConverter {
    /// Sets what a schema states: dialect, encoding and columns. Everything else stays.
    ///
    ///     var converter = CSVConverter()
    ///     converter.apply(try Schema(json: bytes))
    public mutating func apply(_ schema: Schema) {
        dialect = schema.dialect(over: dialect)
        encoding = schema.encoding ?? encoding
        schema.apply(to: &shape)
    }

    /// The dialect with which an input is read: one without a header takes the names of the schema's fields.
    var usedDialect: Dialect {
        guard dialect.header == .none, let schema = shape.schema else { return dialect }
        var named = dialect
        named.header = .names(schema.fields.map { String(decoding: $0.name, as: UTF8.self) })
        return named
    }

    /// Why rows can't have this shape, or nil.
    package var rowFault: String? {
        guard dialect.header == .none, let match = shape.schema?.match, match != .exact else {
            return shape.fault(hasNames: usedDialect.header != .none)
        }
        return
            "the names of the schema's fields are those of an input without a header only with fieldsMatch exact, not "
            + match.rawValue
    }
}
