import SluiceCSV
import SluicePlatform

/// Memory for the rows of large records that kernels leave to ``PlannedRow``. Where an array can't grow, Swift ends the process. So
/// its arrays get the most that they can take beforehand, if there is that much:
///
///     values    "x\n",12            the JSON of each value; its text before, if that must be copied
///     row       {"a":"x\n","b":12}   and again where it goes into a string
extension RowEncoder {
    /// Reserves memory for the row of a record. Returns false if there is not enough.
    mutating func reserve(for record: ByteView, fields: Int) -> Bool {
        guard record.count >= Self.large else { return true }
        let escapes = escapes(in: record)
        let most = record.count + texts.growth * escapes + fields * Self.mostAdded + texts.emptyRowLength
        let working = texts.plan?.checksValues == true ? Self.copiesOfTyped * record.count : 0
        let mostEscaped = texts.isEscaped ? most + 2 * (escapes + fields * Self.mostAdded) : 0
        return memory.reserve(most, escaped: mostEscaped, besides: working)
    }

    /// Returns how many bytes of a record may become longer in a row.
    private func escapes(in record: ByteView) -> Int {
        let replaces = dialect.invalidUTF8 == .replace
        var count = 0
        for position in 0..<record.count {
            let byte = record[position]
            let isLonger =
                byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0xEF
                || (replaces && byte >= 0x80)
            count += isLonger ? 1 : 0
        }
        return count
    }

    /// The reserve for small allocations suffices for smaller records.
    private static var large: Int { 1 << 20 }

    /// The most that a row holds for a field besides its text: the key of a surplus one, or what a type adds, such as the digits
    /// of an ISO date.
    private static var mostAdded: Int { 64 }

    /// How many times the memory of its text a typed value takes until it is written: its parts, which grow, and what bounds are
    /// compared with.
    private static var copiesOfTyped: Int { 8 }
}
