import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The options for what rows are made of: which columns, under which names, as which values.
///
/// Lists are CSV records with commas, so that any name can be part of them: `--select 'a,"b,c"'`. Given again, an option adds to
/// its list. See ``DialectOptions`` for why the others are strings.
package struct RowOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The types of columns; the default is string. One of string, integer, number, boolean, \
            date, time, datetime, year, yearmonth, duration, object, array, list, geopoint, geojson; values are checked. Example: --types id:integer,price:number
            """,
            valueName: "list"
        )
    )
    var types: [String] = []
    @Option(
        name: .customLong("null"),
        help: ArgumentHelp(
            """
            A value that becomes null; repeatable. The default is none or, in columns with a type other than string, the \
            empty value. Example: --null NA --null ''
            """,
            valueName: "text"
        )
    )
    var nulls: [String] = []
    @Option(
        help: "What empty values become: string, null, omit; the default is as --null says.",
        completion: choices(RowShape.EmptyForm.self)
    )
    var empty: String?
    @Option(
        help: "How a null value is written: null (the default), or omit to leave out the member.",
        completion: choices(RowShape.NullForm.self)
    )
    var nullAs: String?
    @Option(
        help: "An empty value in quotes: string to keep it a string; the default is null, if the empty value is null.",
        completion: .list(["string", "null"])
    )
    var quotedEmpty: String?
    @Option(help: ArgumentHelp("Only these columns, in this order. Example: --select id,price", valueName: "list"))
    var select: [String] = []
    @Option(help: ArgumentHelp("Leave out these columns. Example: --drop note,'\"a,b\"'", valueName: "list"))
    var drop: [String] = []
    @Option(
        help: ArgumentHelp(
            "Write columns under other names. Example: --rename 'Order ID=id,Price=price'",
            valueName: "list"
        )
    )
    var rename: [String] = []
    @Option(
        help: ArgumentHelp(
            """
            Split names there into nested objects: with --nest . the columns a.b and a.c become {"a":{"b":…,"c":…}}.
            """,
            valueName: "text"
        )
    )
    var nest: String?
    @Option(
        help: ArgumentHelp(
            """
            Add a member to each row, name=VALUE: \
            @source, @record, @line, @offset, @modified, or a text (@@ for a first @); \
            repeatable. Example: --add-column file=@source
            """,
            valueName: "member"
        )
    )
    var addColumn: [String] = []
    @Option(help: "Leading zeros of a number: error (the default), strip.", completion: .list(["error", "strip"]))
    var leadingZeros: String?
    @Option(
        help: "Integers beyond ±(2^53-1): number, string, error; the default is number.",
        completion: choices(ColumnRule.BigIntegers.self)
    )
    var bigIntegers: String?

    package init() {}

    /// Returns the shape that the options describe. Settings without an option are those of `base`.
    package func shape(over base: RowShape = RowShape()) throws -> RowShape {
        var shape = base
        if !types.isEmpty { shape.types = try lists(types, "types").map(namedType) }
        if !nulls.isEmpty { shape.nullTexts = try nulls.map { try bytes($0, "null") } }
        if let empty {
            guard let form = RowShape.EmptyForm(rawValue: empty) else {
                throw wrong("empty", values(RowShape.EmptyForm.self), empty)
            }
            shape.emptyForm = form
        }
        try choose(&shape.nullForm, nullAs, "null-as")
        if let quotedEmpty { shape.keepsQuotedEmpty = try isFirst(quotedEmpty, of: ("string", "null"), "quoted-empty") }
        if !select.isEmpty { shape.selected = try lists(select, "select").map { Array($0.utf8) } }
        if !drop.isEmpty { shape.dropped = try lists(drop, "drop").map { Array($0.utf8) } }
        if !rename.isEmpty { shape.renamed = try lists(rename, "rename").map(renaming) }
        if let nest {
            shape.nestSeparator = try bytes(nest, "nest")
            if nest.isEmpty { throw ValidationError("--nest takes a text that separates names, such as .") }
        }
        if !addColumn.isEmpty { shape.added = try addColumn.map(addedColumn) }
        if let leadingZeros {
            shape.stripsLeadingZeros = try isFirst(leadingZeros, of: ("strip", "error"), "leading-zeros")
        }
        if let bigIntegers {
            guard let form = ColumnRule.BigIntegers(rawValue: bigIntegers) else {
                throw wrong("big-integers", values(ColumnRule.BigIntegers.self), bigIntegers)
            }
            shape.bigIntegers = form == .number ? nil : form
        }
        return shape
    }

    private func wrong(_ option: String, _ words: String, _ given: String) -> ValidationError {
        ValidationError("--\(option) takes one of \(words), not '\(given)'")
    }

    private func isFirst(_ text: String, of words: (String, String), _ option: String) throws -> Bool {
        guard text == words.0 || text == words.1 else { throw wrong(option, "\(words.0), \(words.1)", text) }
        return text == words.0
    }

    private func bytes(_ text: String, _ option: String) throws -> [UInt8] {
        if RawText.isRaw(text) { throw ValidationError("--\(option) takes text in UTF-8") }
        return Array(text.utf8)
    }

    /// Returns the names in all lists of an option.
    private func lists(_ texts: [String], _ option: String) throws -> [String] {
        try texts.flatMap { text in
            guard !RawText.isRaw(text), let names = Dialect.names(inRecord: text) else {
                throw ValidationError("--\(option) takes a CSV record in UTF-8, such as a,b or '\"x,1\",y'")
            }
            return names
        }
    }

    /// Splits `a:b:integer` at the last colon.
    private func namedType(_ text: String) throws -> RowShape.NamedType {
        guard let colon = text.lastIndex(of: ":") else {
            throw ValidationError("--types takes NAME:TYPE for each column, not '\(text)'")
        }
        let word = String(text[text.index(after: colon)...])
        guard let type = FieldType(plainName: word) else {
            let names = FieldType.plain.map(\.name).joined(separator: ", ")
            throw ValidationError("--types takes one of the types \(names), not '\(word)'")
        }
        return RowShape.NamedType(name: Array(text[..<colon].utf8), type: type)
    }

    /// Splits `a=b=new` at the last equals sign.
    private func renaming(_ text: String) throws -> RowShape.Renaming {
        guard let mark = text.lastIndex(of: "=") else {
            throw ValidationError("--rename takes OLD=NEW for each column, not '\(text)'")
        }
        return RowShape.Renaming(old: Array(text[..<mark].utf8), new: Array(text[text.index(after: mark)...].utf8))
    }

    /// Splits `name=a=b` at the first equals sign.
    private func addedColumn(_ text: String) throws -> RowShape.AddedColumn {
        guard let mark = text.firstIndex(of: "="), !RawText.isRaw(text) else {
            throw ValidationError("--add-column takes NAME=VALUE in UTF-8, not '\(text)'")
        }
        let word = String(text[text.index(after: mark)...])
        guard let value = RowShape.AddedColumn.Value(word) else {
            let names = RowShape.AddedColumn.Value.named.map(\.name).joined(separator: ", ")
            throw ValidationError("--add-column knows \(names), not '\(word)'; for that text: '@\(word)'")
        }
        return RowShape.AddedColumn(name: Array(text[..<mark].utf8), value: value)
    }
}

/// The options for a part of each input's rows.
struct RowLimitOptions: ParsableArguments {
    @Option(help: "At most N rows of each input; its rest is not read. One thread.") var limit: String?
    @Option(help: "Leave out the first N rows of each input. One thread.") var skipRecords: String?

    func apply(to converter: inout CSVConverter) throws {
        if let limit { converter.mostRows = try count(limit, "limit") }
        if let skipRecords { converter.skippedRows = try count(skipRecords, "skip-records") }
    }

    private func count(_ text: String, _ option: String) throws -> Int {
        guard let count = Int(text), count >= 0 else {
            throw ValidationError("--\(option) takes a number of rows, not '\(text)'")
        }
        return count
    }
}
