import SluiceCSV

/// Writes the values of fields as the inside of JSON strings.
///
/// The contract, which makes every use of a pointer below safe: the index is valid, fields are those of its entries below
/// `completeCount`, and the target has room for six bytes per byte of the field and ``RowBuffer/slack`` more.
@safe struct FieldWriter {
    private let bytes: UnsafePointer<UInt8>
    private let escapeMask: UnsafePointer<UInt64>
    /// 256 entries.
    private let escapes: UnsafeBufferPointer<EscapeTable.Entry>
    /// The kernel's escaping function, if it has one.
    private let writeEscaped: Kernel.WriteEscaped?

    @inline(__always)
    init(index: StructuralIndex, escapes: UnsafeBufferPointer<EscapeTable.Entry>, writeEscaped: Kernel.WriteEscaped?) {
        unsafe bytes = index.bytes.base
        unsafe escapeMask = index.escapeMask
        unsafe self.escapes = escapes
        unsafe self.writeEscaped = writeEscaped
    }

    /// Writes the value of the field from `start` to the entry `end`. Returns the place after the output.
    ///
    /// Arithmetic removes the quotes around a field and the CR of a CR LF, since branches on them would often be mispredicted.
    @inline(__always)
    func write(_ start: Int, _ end: UInt32, to target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let quote = Int(end >> StructuralIndex.quotedShift & 1)
        // Cannot overflow: all values are offsets in a stretch.
        let first = start &+ quote
        let valueEnd = StructuralIndex.offset(end) &- quote &- Int(end >> StructuralIndex.crlfShift & 1)
        if end & StructuralIndex.dirty == 0 {
            return unsafe WideCopy.copy(bytes + first, valueEnd &- first, to: target)
        }
        return unsafe writeDirty(first, valueEnd, to: target)
    }

    /// Writes a value that contains special bytes.
    @inline(never)
    private func writeDirty(
        _ first: Int,
        _ valueEnd: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        if let target = unsafe writeEscaped?(bytes + first, valueEnd - first, escapeMask, first, 1, target) {
            return unsafe target
        }
        return unsafe writeBetweenSpecials(first, valueEnd, to: target)
    }

    /// Copies the bytes between special bytes, and escapes each of those.
    private func writeBetweenSpecials(
        _ first: Int,
        _ valueEnd: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var (target, copied) = unsafe (target, first)
        var word = first >> 6
        var mask = unsafe escapeMask[word] & (~0 << UInt64(first & 63))
        while true {
            while mask == 0 {
                word += 1
                if word << 6 >= valueEnd {
                    return unsafe WideCopy.copy(bytes + copied, valueEnd - copied, to: target)
                }
                mask = unsafe escapeMask[word]
            }
            let special = word << 6 + mask.trailingZeroBitCount
            if special >= valueEnd { return unsafe WideCopy.copy(bytes + copied, valueEnd - copied, to: target) }
            mask &= mask - 1
            let escape = unsafe escapes[Int(bytes[special])]
            // The bytes to overwrite lie in `copied..<special`: bytes before a special byte are ordinary.
            unsafe target = WideCopy.copy(bytes + copied, special - copied - Int(escape.overwritten), to: target)
            unsafe UnsafeMutableRawPointer(target).storeBytes(of: escape.text, as: UInt64.self)
            unsafe target += Int(escape.length)
            copied = special + 1
        }
    }
}
