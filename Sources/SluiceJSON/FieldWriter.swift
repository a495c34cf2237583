import SluiceCSV

/// Writes the values of fields as the inside of JSON strings.
///
/// Safe while the index is valid, for entries below its `completeCount`, if the target has room for six bytes per byte of the
/// field and ``RowBuffer/slack`` more.
struct FieldWriter {
    let bytes: UnsafePointer<UInt8>
    let escapeMask: UnsafePointer<UInt64>
    /// 256 entries.
    let escapes: UnsafeBufferPointer<EscapeTable.Entry>
    /// The kernel's escaping function, if it has one.
    let escape: Kernel.Escape?

    @inline(__always)
    init(index: StructuralIndex, escapes: UnsafeBufferPointer<EscapeTable.Entry>, escape: Kernel.Escape?) {
        bytes = index.bytes
        escapeMask = index.escapeMask
        self.escapes = escapes
        self.escape = escape
    }

    /// Writes the value of the field from `start` to the entry `end`. Returns the place after the output.
    ///
    /// Arithmetic removes the quotes around a field and the CR of a CR LF, since branches on them would often be mispredicted.
    @inline(__always)
    func write(_ start: Int, _ end: UInt32, to target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let quote = Int(end >> 1 & 1)
        // Cannot overflow: all values are offsets in a stretch.
        let first = start &+ quote
        let valueEnd = StructuralIndex.offset(end) &- quote &- Int(end >> 3 & 1)
        if end & StructuralIndex.dirty == 0 { return WideCopy.copy(bytes + first, valueEnd &- first, to: target) }
        return writeDirty(first, valueEnd, to: target)
    }

    /// Writes a value that contains special bytes.
    @inline(never)
    private func writeDirty(
        _ first: Int,
        _ valueEnd: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        if let target = escape?(bytes + first, valueEnd - first, escapeMask, first, 1, target) { return target }
        return writeBetweenSpecials(first, valueEnd, to: target)
    }

    /// Copies the bytes between special bytes, and escapes each of those.
    private func writeBetweenSpecials(
        _ first: Int,
        _ valueEnd: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var (target, copied) = (target, first)
        var word = first >> 6
        var mask = escapeMask[word] & (~0 << UInt64(first & 63))
        while true {
            while mask == 0 {
                word += 1
                if word << 6 >= valueEnd { return WideCopy.copy(bytes + copied, valueEnd - copied, to: target) }
                mask = escapeMask[word]
            }
            let special = word << 6 + mask.trailingZeroBitCount
            if special >= valueEnd { return WideCopy.copy(bytes + copied, valueEnd - copied, to: target) }
            mask &= mask - 1
            let escape = escapes[Int(bytes[special])]
            // The bytes to overwrite lie in `copied..<special`: bytes before a special byte are ordinary.
            target = WideCopy.copy(bytes + copied, special - copied - Int(escape.takenBack), to: target)
            UnsafeMutableRawPointer(target).storeBytes(of: escape.text, as: UInt64.self)
            target += Int(escape.length)
            copied = special + 1
        }
    }
}
