import SluiceCSV
import SluiceJSON
import SluicePlatform

/// The options on rows as settings of a configuration; see ``Identity``. A schema is not among them.
///
///     types=6964:integer,7072696365:number;null=,4e41;select=6964,7072696365;rename=6964:6f72646572;add=66696c65:@source
///
/// Names and texts are written as hexadecimal digits. Only options that are not at their default are included. The same meaning is
/// the same text: lists whose order means nothing are sorted. A long list is abbreviated, as a header's names are.
package struct ShapeSettings {
    /// The settings, `name=value`.
    package let texts: [String]

    /// The names of the settings. The command has an option of each name.
    package static let names = [
        "types", "null", "empty", "null-as", "quoted-empty", "select", "drop", "rename", "nest", "add-column",
        "leading-zeros", "big-integers",
    ]

    package init(_ shape: RowShape) {
        if shape.isPlain {
            texts = []
            return
        }
        let hex = Hexadecimal.text as ([UInt8]) -> String
        func sorted(_ texts: some Sequence<String>) -> [String] { Set(texts).sorted() }
        var settings: [(name: String, value: String)] = []
        func add(_ name: String, _ list: [String]?) {
            guard let list, !list.isEmpty else { return }
            settings.append(
                (name, Abbreviation.of(list.joined(separator: ","), limit: Identity.headerLimit, prefix: 0))
            )
        }
        add("types", sorted(shape.types.map { "\(hex($0.name)):\($0.type.plainName)" }))
        add("null", shape.nullTexts.map { sorted($0.map(hex)) })
        add("empty", shape.emptyForm.map { [$0.rawValue] })
        add("null-as", shape.nullForm == .null ? nil : [shape.nullForm.rawValue])
        add("quoted-empty", shape.keepsQuotedEmpty ? ["string"] : nil)
        add("select", shape.selected?.map(hex))
        add("drop", sorted(shape.dropped.map(hex)))
        add("rename", sorted(shape.renamed.map { "\(hex($0.old)):\(hex($0.new))" }))
        add("nest", shape.nestSeparator.isEmpty ? nil : [hex(shape.nestSeparator)])
        add("add-column", shape.added.map { "\(hex($0.name)):\(Self.text(of: $0.value))" })
        add("leading-zeros", shape.stripsLeadingZeros ? ["strip"] : nil)
        add("big-integers", shape.bigIntegers.map { [$0.rawValue] })
        texts = settings.map { "\($0.name)=\($0.value)" }
    }

    private static func text(of value: RowShape.AddedColumn.Value) -> String {
        if case .literal(let text) = value { return Hexadecimal.text(text) }
        return value.name ?? ""
    }

    /// Whether a setting's value is the digest of a list that was too long.
    package static func isAbbreviated(_ value: String) -> Bool { value.hasPrefix("~") }
}
