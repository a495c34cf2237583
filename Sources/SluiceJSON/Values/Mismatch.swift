/// Why a text is no value of a type. The raw value is ``CSVError/Value/rule``, whose words are with the error's other texts.
enum Mismatch: String, Error, Sendable, Hashable, CaseIterable {
    /// It just is none.
    case other = ""
    /// It is one, but for spaces or tabs at its start or end.
    case space
    /// The same within quotes.
    case spaceInQuotes
    /// A number such as `007`, which may be a code.
    case leadingZero
    /// An integer that many JSON readers round.
    case bigInteger
    /// NaN or an infinity.
    case notFinite
    /// A minus that is not the hyphen-minus before the first digit, or a parenthesis.
    case sign
    /// Groups of digits that are not three long.
    case grouping
    /// An integer with a decimal point.
    case fraction
    /// An integer with an exponent.
    case exponent
    /// A date or time of the right form that no calendar or clock shows, such as 30 February.
    case notInCalendar
    /// A year with a time zone.
    case timeZone
    /// Not well-formed JSON.
    case json
    /// JSON of another kind.
    case jsonKind
    /// JSON that is nested too deep.
    case depth
    /// A longitude beyond ±180 or a latitude beyond ±90.
    case outsideEarth
    /// A string that is not of its format.
    case email, uri, binary, uuid
}
