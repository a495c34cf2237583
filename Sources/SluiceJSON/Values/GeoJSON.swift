/// Whether an object is one of GeoJSON (RFC 7946) or TopoJSON, by its type and the members that the type needs.
enum GeoJSON {
    private enum Kind { case array, object, objectOrNull }

    private static let geometries = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]

    static func isValid(_ json: CompactJSON, isTopology: Bool) -> Bool {
        guard json.isObject else { return false }
        let members = Dictionary(
            json.members.map { (String(decoding: $0.name, as: UTF8.self), $0.json) },
            uniquingKeysWith: { $1 }
        )
        guard let type = members["type"].flatMap({ JSONValue(parsing: $0)?.text }) else { return false }
        guard let list = isTopology ? topology(type) : needed(type) else { return false }
        return list.allSatisfy { name, kind in members[name].map { isKind($0, kind) } ?? false }
    }

    private static func needed(_ type: String) -> [(String, Kind)]? {
        switch type {
        case _ where geometries.contains(type): [("coordinates", .array)]
        case "GeometryCollection": [("geometries", .array)]
        case "Feature": [("geometry", .objectOrNull), ("properties", .objectOrNull)]
        case "FeatureCollection": [("features", .array)]
        default: nil
        }
    }

    private static func topology(_ type: String) -> [(String, Kind)]? {
        type == "Topology" ? [("objects", .object), ("arcs", .array)] : nil
    }

    private static func isKind(_ json: [UInt8], _ kind: Kind) -> Bool {
        switch kind {
        case .array: json.first == UInt8(ascii: "[")
        case .object: json.first == UInt8(ascii: "{")
        case .objectOrNull: json.first == UInt8(ascii: "{") || json.first == UInt8(ascii: "n")
        }
    }
}
