import SluiceCSV

/// Reads a point on Earth in one of three forms:
///
///     default    90.50, 45.50
///     array      [90.50, 45.50]
///     object     {"lon": 90.50, "lat": 45.50}
enum GeoPointReader {
    static func point(
        _ text: ByteView,
        _ format: FieldType.GeoPointFormat,
        _ reader: NumberReader
    ) throws(Mismatch) -> (longitude: NumberText, latitude: NumberText) {
        let texts = try texts(text, format)
        let (longitude, latitude) = (try reader.number(texts.longitude), try reader.number(texts.latitude))
        guard isWithin(longitude, 180), isWithin(latitude, 90) else { throw .outsideEarth }
        return (longitude, latitude)
    }

    private static func texts(
        _ text: ByteView,
        _ format: FieldType.GeoPointFormat
    ) throws(Mismatch) -> (longitude: [UInt8], latitude: [UInt8]) {
        switch format {
        case .text:
            var cursor = TextCursor(text)
            let longitude = cursor.take { $0 != UInt8(ascii: ",") }
            guard cursor.take(",") else { throw .other }
            cursor.take { $0 == 0x20 }
            return (longitude.array, text.from(cursor.position).array)
        case .array:
            let json = try CompactJSON(text)
            guard json.isArray else { throw .jsonKind }
            let elements = json.elements
            guard elements.count == 2 else { throw .jsonKind }
            return (elements[0], elements[1])
        case .object:
            let json = try CompactJSON(text)
            guard json.isObject else { throw .jsonKind }
            let members = json.members
            guard members.count == 2, let longitude = members.first(where: { $0.name == Array("lon".utf8) }),
                let latitude = members.first(where: { $0.name == Array("lat".utf8) })
            else { throw .jsonKind }
            return (longitude.json, latitude.json)
        }
    }

    private static func isWithin(_ number: NumberText, _ limit: Int) -> Bool {
        var magnitude = number
        magnitude.isNegative = false
        return ExactNumber(magnitude) <= ExactNumber(NumberText(integer: Array("\(limit)".utf8)))
    }
}

extension NumberReader {
    fileprivate func number(_ text: [UInt8]) throws(Mismatch) -> NumberText {
        try text.withView { (view) throws(Mismatch) in try number(view) }
    }
}
