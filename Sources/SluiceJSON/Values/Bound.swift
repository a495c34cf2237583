import SluiceCSV

extension Constraint {
    /// A value that others are compared with.
    package struct Bound: Sendable, Hashable {
        /// The value as text, in the form in which a field would hold it.
        package let text: [UInt8]
        let value: ComparableValue

        private init(_ text: [UInt8], _ value: ComparableValue) { (self.text, self.value) = (text, value) }

        /// Returns nil if the text is not a value of that type.
        package init?(_ text: [UInt8], of type: FieldType) {
            let value = text.withView { view in
                (try? type.value(of: view, stripsLeadingZeros: false)).map(ComparableValue.init)
            }
            guard let value else { return nil }
            self.init(text, value)
        }

        /// Creates the bound that a schema states: as a text like that of a field, or as the JSON that a field becomes.
        ///
        /// - Parameter json: a JSON text without white space.
        /// - Returns: nil if it is not a value of that type.
        package init?(json: [UInt8], of type: FieldType) {
            guard let value = JSONValue(parsing: json) else { return nil }
            switch (value, type) {
            case (.string(let text), _): self.init(text, of: type)
            case (.number, .integer): self.init(json, of: .integer(FieldType.NumberForm()))
            case (.number, .number): self.init(json, of: .number(FieldType.NumberForm()))
            case (.number(let digits), .year): self.init(Array(digits.withLeadingZeros(4).utf8), of: type)
            case (.bool(let isTrue), .boolean): self.init(json, .boolean(isTrue))
            case (.object, .object), (.object, .geoJSON), (.array, .array): self.init(json, of: type)
            case (.object, .geoPoint): self.init(json, of: .geoPoint(.object))
            case (.array, .geoPoint): self.init(json, of: .geoPoint(.array))
            case (.array(let elements), .list(_, let item)):
                let items = elements.map { Self.item($0, of: item) }
                guard !items.contains(nil) else { return nil }
                self.init(json, .list(items.compactMap(\.self)))
            default: return nil
            }
        }

        private static func item(_ value: JSONValue, of type: FieldType) -> ComparableValue? {
            switch value {
            case .string(let text): Bound(text, of: type)?.value
            case .number(let digits): Bound(json: Array(digits.utf8), of: type)?.value
            case .bool(let isTrue): Bound(json: Array("\(isTrue)".utf8), of: type)?.value
            default: nil
            }
        }
    }
}

extension String {
    fileprivate func withLeadingZeros(_ width: Int) -> String {
        String(repeating: "0", count: max(0, width - utf8.count)) + self
    }
}
