import SluiceCSV

extension Header {
    /// A delimiter that the only column's name holds, the likeliest first: a hint, not an error, that the delimiter may be
    /// wrong, as in `id;price`.
    var otherDelimiter: UInt8? {
        guard let names, names.count == 1 else { return nil }
        return [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")].first(where: names[0].contains)
    }
}
