/// A type that ``CSVDecoder`` makes of a value's text, instead of with the type's `init(from:)`.
///
/// It is for types whose `Codable` form is not what stands in CSV, such as Foundation's `Date`, a number of seconds. The product
/// `SluiceFoundation` makes `Date`, `Decimal` and `URL` conform. A type of your own does it with one initializer:
///
///     struct Money: CSVTextDecodable, Codable {
///         var cents: Int
///
///         init?(csvText text: String) {
///             guard text.hasSuffix(" €"), let euros = Int(text.dropLast(2)) else { return nil }
///             cents = 100 * euros
///         }
///     }
public protocol CSVTextDecodable: Decodable {
    /// Creates a value of a text, or returns nil if the text is none of the type; then the decoder throws
    /// ``CSVError/Code/typeMismatch``. A missing value is not asked for.
    init?(csvText text: String)
}
