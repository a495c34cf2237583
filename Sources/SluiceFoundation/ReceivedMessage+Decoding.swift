public import SluiceEngine

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension ReceivedMessage {
    /// Decodes the rows into values of a type.
    ///
    ///     for order in try message.decode([Order].self) { … }
    ///
    /// Members of a row are strings, unless the conversion had a ``Schema`` that gives them types.
    ///
    /// - Parameters:
    ///   - decoder: Decodes the rows from JSON.
    ///   - limit: The most bytes that the body may have, both as it was received and unpacked.
    /// - Throws: What ``rows(limit:)`` throws, and what the decoder throws.
    public func decode<Row: Decodable>(
        _: [Row].Type,
        by decoder: JSONDecoder = JSONDecoder(),
        limit: Int = 64 << 20
    ) throws -> [Row] {
        // A line feed never is inside a row, where JSON writes it as an escape.
        let rows = try rows(limit: limit).dropLast().map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: ",") : $0 }
        return try decoder.decode([Row].self, from: Data("[".utf8 + rows + "]".utf8))
    }
}
