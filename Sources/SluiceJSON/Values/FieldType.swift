/// The type of a column's values, as Table Schema 2.0 defines it.
package indirect enum FieldType: Sendable, Hashable {
    /// Any text; other formats than `any` are checked.
    case string(StringFormat)
    case integer(NumberForm)
    case number(NumberForm)
    case boolean(BooleanWords)
    case date(TimeFormat)
    case time(TimeFormat)
    case datetime(TimeFormat)
    case year
    case yearMonth
    case duration
    /// JSON of that kind, copied without white space.
    case object, array, geoJSON(isTopology: Bool)
    case list(delimiter: [UInt8], item: FieldType)
    case geoPoint(GeoPointFormat)

    /// A column without a type.
    package static let text = FieldType.string(.any)

    package enum StringFormat: String, Sendable, Hashable, CaseIterable {
        case any = "default"
        case email, uri, binary, uuid
    }

    /// How digits are written in the input.
    package struct NumberForm: Sendable, Hashable {
        package var decimalCharacter: [UInt8] = [UInt8(ascii: ".")]
        /// Removed between digits; empty if there is none.
        package var groupCharacter: [UInt8] = []
        /// Whether nothing may stand around the number.
        package var isBare = true

        package init() {}
    }

    package struct BooleanWords: Sendable, Hashable {
        package var trueValues = ["true", "True", "TRUE", "1"].map { Array($0.utf8) }
        package var falseValues = ["false", "False", "FALSE", "0"].map { Array($0.utf8) }

        package init() {}
    }

    /// How dates and times are written in the input. The output is ISO 8601.
    package enum TimeFormat: Sendable, Hashable {
        /// ISO 8601, the default form of the type.
        case iso
        case pattern(TimePattern)
    }

    package enum GeoPointFormat: String, Sendable, Hashable, CaseIterable {
        /// `lon, lat`
        case text = "default"
        /// `[lon, lat]`
        case array
        /// `{"lon": …, "lat": …}`
        case object
    }
}
