// Random inputs together with shapes for their rows, from a seed.

import SluiceCSV
import SluiceJSON

/// An input, its dialect, and what its rows are made of.
package struct ShapedInput: Sendable {
    package var bytes: [UInt8]
    package var dialect: Dialect
    package var shape: ReferenceShape
}

/// Generates tables whose values mostly are those that their columns ask for, so that errors come late or not at all.
package struct ShapeGenerator: Sendable {
    private var random: SplitMix64
    private var values: ValueGenerator

    /// Makes a generator; equal seeds give equal inputs.
    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        values = ValueGenerator(seed: seed)
    }

    /// Returns an input of that source. Its source and modification time are those that rows can hold.
    package mutating func input(source: String, modified: String = "") -> ShapedInput {
        let dialect = dialect()
        var names = names()
        // The header is written as it is, and must match the schema.
        if dialect.escape != nil { names.removeAll { $0.contains(UInt8(ascii: "\\")) } }
        if names.isEmpty { names = [Array("a".utf8)] }
        let shape = ReferenceShape(
            shape(for: names, hasHeader: dialect.header != .none),
            source: source,
            modified: modified
        )
        let header = dialect.header == .none ? nil : names
        var bytes = header.map { record($0.map { field($0) }) } ?? []
        let start = bytes.count
        for _ in 0..<random.pick(0, 1, 2, 5, 10, 30) {
            if random.oneIn(12) { bytes += lineEnd() }
            bytes += record(fields(names.count, shape, header, dialect))
        }
        if random.oneIn(4), bytes.last == 0x0A { bytes.removeLast() }
        // A schema must match the header.
        let first = shape.shape.schema == nil ? 0 : start
        if random.oneIn(15), bytes.count > first {
            bytes[Int.random(in: first..<bytes.count, using: &random)] = random.pick(0xFF, 0x22, 0x0D, 0x80)
        }
        return ShapedInput(bytes: bytes, dialect: dialect, shape: shape)
    }

    private mutating func dialect() -> Dialect {
        var dialect = random.oneIn(4) ? Dialect.lenient : .rfc4180
        dialect.ragged = random.pick(.error, .error, .pad, .omit, .truncate)
        dialect.blankLines = random.pick(.skip, .skip, .skip, .skipAll)
        if random.oneIn(10) { dialect.header = .none }
        if random.oneIn(8) { dialect.escape = UInt8(ascii: "\\") }
        if random.oneIn(8) { dialect.trim = random.pick(.initial, .spaces) }
        if random.oneIn(12) { dialect.comments = [Array("-".utf8)] }
        return dialect
    }

    private mutating func names() -> [[UInt8]] {
        let all = [
            "id", "a.b", "a.c", "price", "", "a.d.e", "é\"\\", "_4", "x..y", "note", "a", "B\n", "deep.er.and.deeper",
            "z", "ID",
        ]
        var names = all.shuffled(using: &random).prefix(random.pick(1, 1, 2, 3, 4, 5, 8, 15))
        // Most inputs have no name that nesting makes both an object and a value.
        if !random.oneIn(12) { names.removeAll { $0 == "a" } }
        return (names.isEmpty ? ["a"] : Array(names)).map { Array($0.utf8) }
    }
}

extension ShapeGenerator {
    private mutating func shape(for names: [[UInt8]], hasHeader: Bool) -> RowShape {
        var shape = RowShape()
        let words = ["", "NA", "-", "\\N"].map { Array($0.utf8) }
        if random.oneIn(4) { shape.nullTexts = Array(words.shuffled(using: &random).prefix(random.pick(1, 2, 4))) }
        if random.oneIn(6) { shape.emptyForm = random.pick(.string, .null, hasHeader ? .omit : .null) }
        if random.oneIn(6), hasHeader { shape.nullForm = .omit }
        shape.keepsQuotedEmpty = random.oneIn(6)
        shape.stripsLeadingZeros = random.oneIn(6)
        shape.bigIntegers = random.pick(nil, nil, nil, .string, .error)
        guard hasHeader else { return shape }
        if random.oneIn(3) { shape.schema = schema(names) }
        if random.oneIn(2) { shape.types = types(names) }
        if random.oneIn(3) { shape.nestSeparator = Array(random.pick(".", ".", "..", "e").utf8) }
        if random.oneIn(3) {
            shape.selected = Array(names.shuffled(using: &random).prefix(random.pick(1, 2, names.count, names.count)))
        }
        if random.oneIn(4) { shape.dropped = Array(names.shuffled(using: &random).prefix(random.pick(1, 1, 2))) }
        if random.oneIn(4) { shape.renamed = names.filter { _ in random.oneIn(3) }.map { renaming($0) } }
        if random.oneIn(3) { shape.added = added() }
        if random.oneIn(30) { shape.dropped.append(Array(" Note".utf8)) }
        return shape
    }

    private mutating func schema(_ names: [[UInt8]]) -> TableSchema {
        var schema = TableSchema(
            fields: names.map { name in
                var field = TableSchema.Field(name: name)
                if !random.oneIn(3) { field.rule = values.rule() }
                return field
            }
        )
        schema.missingValues = [random.pick([], Array("-".utf8))]
        return schema
    }

    /// Types that kernels know are more frequent.
    private mutating func types(_ names: [[UInt8]]) -> [RowShape.NamedType] {
        names.compactMap { name in
            if random.oneIn(4) { return nil }
            let types = random.oneIn(4) ? FieldType.plain[...] : FieldType.plain.prefix(8)
            return types.randomElement(using: &random).map { RowShape.NamedType(name: name, type: $0.type) }
        }
    }

    private mutating func renaming(_ name: [UInt8]) -> RowShape.Renaming {
        let new = random.oneIn(20) ? Array("id".utf8) : Array(random.pick("new.", "n", "\u{1}").utf8) + name
        return RowShape.Renaming(old: name, new: new)
    }

    private mutating func added() -> [RowShape.AddedColumn] {
        let all: [RowShape.AddedColumn.Value] =
            [.source, .record, .line, .offset, .modified, .literal(Array("@\"x\n".utf8)), .literal([])]
        return all.shuffled(using: &random).prefix(random.pick(1, 2, 7)).enumerated().map { place, value in
            RowShape.AddedColumn(
                name: Array((random.oneIn(3) ? "a.added\(place)" : "added\(place)").utf8),
                value: value
            )
        }
    }
}

extension ShapeGenerator {
    private mutating func fields(
        _ width: Int,
        _ shape: ReferenceShape,
        _ header: [[UInt8]]?,
        _ dialect: Dialect
    ) -> [[UInt8]] {
        let isRagged = random.oneIn(dialect.ragged == .error ? 100 : 5)
        let count = isRagged ? max(1, width + random.pick(-2, -1, 1, 2)) : width
        return (0..<count).map { column in
            let rule = shape.rule(header.flatMap { column < $0.count ? $0[column] : nil })
            let accepts = !random.oneIn(150)
            for _ in 0..<8 {
                let (text, isQuoted) = (values.text(for: rule), random.oneIn(3))
                // The reference writes out all digits of a number that it compares.
                if rule.type != .text, text.drop(while: { $0 | 0x20 != UInt8(ascii: "e") }).count > 6 { continue }
                let value = ReferenceValue.json(of: text, isQuoted: isQuoted, rule: rule)
                if !accepts { return field(text, isQuoted: isQuoted) }
                if case .success = value { return field(text, isQuoted: isQuoted) }
            }
            return []
        }
    }

    private mutating func field(_ value: [UInt8], isQuoted: Bool? = nil) -> [UInt8] {
        let mustQuote = value.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        guard mustQuote || isQuoted ?? random.oneIn(4) else { return value }
        return [0x22] + value.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
    }

    /// A single empty value is quoted: otherwise the record would be a blank line.
    private mutating func record(_ fields: [[UInt8]]) -> [UInt8] {
        (fields == [[]] ? [0x22, 0x22] : Array(fields.joined(separator: [0x2C]))) + lineEnd()
    }

    private mutating func lineEnd() -> [UInt8] { random.pick([0x0A], [0x0A], [0x0D, 0x0A]) }
}
