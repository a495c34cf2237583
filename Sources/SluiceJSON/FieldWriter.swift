import SluiceCSV

/// Writes the values of a tile's fields.
///
/// Safe as long as the tile is valid, for entries below its `complete`, where the target has room for six bytes for each
/// byte of the field and ``RowBuffer/slack`` more.
struct FieldWriter {
    let bytes: UnsafePointer<UInt8>
    let specials: UnsafePointer<UInt64>
    /// 256 entries.
    let escapes: UnsafeBufferPointer<EscapeTable.Entry>
    /// The kernel's way for the same, if it has one.
    let escape: Kernel.Escape?

    @inline(__always)
    init(tile: Tile, escapes: UnsafeBufferPointer<EscapeTable.Entry>, escape: Kernel.Escape?) {
        bytes = tile.bytes
        specials = tile.specials
        self.escapes = escapes
        self.escape = escape
    }

    /// Writes the value of the field from `start` to the entry `end`; returns the place behind it.
    ///
    /// The quotes around a field and the CR of a CR LF are taken off by arithmetic, since a branch on them would often be
    /// guessed wrong.
    @inline(__always)
    func write(_ start: Int, _ end: UInt32, to target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let quote = Int(end >> 1 & 1)
        // Cannot overflow: all are offsets in a tile.
        let first = start &+ quote
        let behind = Tile.offset(end) &- quote &- Int(end >> 3 & 1)
        if end & Tile.dirty == 0 { return WideCopy.copy(bytes + first, behind &- first, to: target) }
        return writeDirty(first, behind, to: target)
    }

    /// Writes a value with special bytes.
    @inline(never)
    private func writeDirty(
        _ first: Int,
        _ behind: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        if let target = escape?(bytes + first, behind - first, specials, first, 1, target) { return target }
        return writeBetweenSpecials(first, behind, to: target)
    }

    /// Copies what lies between two special bytes, and replaces each of them.
    private func writeBetweenSpecials(
        _ first: Int,
        _ behind: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var (target, copied) = (target, first)
        var word = first >> 6
        var mask = specials[word] & (~0 << UInt64(first & 63))
        while true {
            while mask == 0 {
                word += 1
                if word << 6 >= behind { return WideCopy.copy(bytes + copied, behind - copied, to: target) }
                mask = specials[word]
            }
            let special = word << 6 + mask.trailingZeroBitCount
            if special >= behind { return WideCopy.copy(bytes + copied, behind - copied, to: target) }
            mask &= mask - 1
            let escape = escapes[Int(bytes[special])]
            // What is taken back was not yet copied, unless it is the first half of what was just written: never, since
            // the bytes before a special one in the same value are plain.
            target = WideCopy.copy(bytes + copied, special - copied - Int(escape.takenBack), to: target)
            UnsafeMutableRawPointer(target).storeBytes(of: escape.text, as: UInt64.self)
            target += Int(escape.length)
            copied = special + 1
        }
    }
}
