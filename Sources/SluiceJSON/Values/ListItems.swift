import SluiceCSV

/// The items of a list, in the text that holds them. They are read again each time, since as values they would take many times
/// the memory of their text:
///
///     1,2,3    two bytes an item    a typed value, its digits and their array    more than a hundred
struct ListItems {
    private let text: ByteView
    private let delimiter: [UInt8]
    private let item: FieldType
    private let stripsLeadingZeros: Bool
    private(set) var count = 0
    private(set) var hasBigInteger = false

    /// An empty text is a list without items.
    ///
    /// - Throws: why the first item that is no value of its type is none.
    init(_ text: ByteView, delimiter: [UInt8], item: FieldType, stripsLeadingZeros: Bool) throws(Mismatch) {
        self.text = text
        self.delimiter = delimiter
        self.item = item
        self.stripsLeadingZeros = stripsLeadingZeros
        var (count, hasBigInteger) = (0, false)
        try read { value in
            count += 1
            hasBigInteger = hasBigInteger || value.hasBigInteger
        }
        (self.count, self.hasBigInteger) = (count, hasBigInteger)
    }

    func forEach(_ take: (TypedValue) -> Void) {
        // All items were read before.
        try? read(take)
    }

    private func read(_ take: (TypedValue) -> Void) throws(Mismatch) {
        guard text.count > 0 else { return }
        var (start, cursor) = (0, TextCursor(text))
        while !cursor.isAtEnd {
            let end = cursor.position
            if cursor.take(delimiter) {
                take(try item.value(of: text[start..<end], stripsLeadingZeros: stripsLeadingZeros))
                start = cursor.position
            } else {
                cursor.skip(1)
            }
        }
        take(try item.value(of: text.from(start), stripsLeadingZeros: stripsLeadingZeros))
    }
}
