import SluiceCSV

/// A message as ``MessageLineSink`` writes it, read where it lies:
///
///     {"body":"[{\"a\":\"1\"}]","attributes":{"sluice.source":"orders.csv","sluice.range":"0-85",…}}
///
/// The attributes are found from the end, so the body is not read. Whether it is the inside of a JSON string is up to the
/// caller to find out: as long as it is not known, a line that is not JSON may look like a message.
struct MessageLine {
    /// The bytes between the quotes, valid as long as the line is.
    let body: ByteView
    let attributes: [String: String]

    /// The longest attributes that are read here; Sluice writes at most ``MessageFormat/attributeReserve`` bytes.
    private static let longestAttributes = 4096
    private static let start = Array(#"{"body":""#.utf8)
    private static let middle = Array(#"","attributes":{""#.utf8)

    /// Returns nil if the line is written in another way, or is no message.
    init?(_ line: ByteView) {
        let (start, middle) = (Self.start, Self.middle)
        guard line.count > start.count + middle.count, line[0..<start.count].buffer.elementsEqual(start) else {
            return nil
        }
        let last = line.count - middle.count
        let place = (max(start.count, last - Self.longestAttributes)...last).last { place in
            line[place + 1] == UInt8(ascii: ",") && line[place..<place + middle.count].buffer.elementsEqual(middle)
        }
        guard let place else { return nil }
        // The first name's quote is read again.
        var reader = AttributeReader(line.from(place + middle.count - 1))
        guard let attributes = reader.attributes() else { return nil }
        self.attributes = attributes
        body = line[start.count..<place]
    }

    var content: Message.Content? { attributes["sluice.content"].flatMap(Message.Content.init(rawValue:)) }
}

/// Reads `"sluice.source":"orders.csv",…}}` with nothing after it, if no string holds escapes, control characters or bytes
/// that are not ASCII.
private struct AttributeReader {
    private let text: ByteView
    private var position = 0

    init(_ text: ByteView) { self.text = text }

    mutating func attributes() -> [String: String]? {
        var attributes: [String: String] = [:]
        repeat {
            guard let name = string(), take(":"), let value = string() else { return nil }
            attributes[name] = value
        } while take(",")
        return take("}") && take("}") && position == text.count ? attributes : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        let start = position
        while position < text.count, 0x20..<0x7F ~= text[position], text[position] != UInt8(ascii: "\\") {
            if take("\"") { return String(decoding: text[start..<position - 1].buffer, as: UTF8.self) }
            position += 1
        }
        return nil
    }
}
