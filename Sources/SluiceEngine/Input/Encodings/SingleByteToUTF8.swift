import SluiceCSV

/// Transcodes an encoding of one byte per character, the first 128 of which are ASCII, to UTF-8.
///
/// A byte without a character becomes ``Undecodable/noCharacter``, and so does one of the control characters U+0080 to
/// U+009F.
struct SingleByteToUTF8: Transcoder {
    /// For each byte from 0x80, its UTF-8 with the first byte lowest, and the number of those bytes.
    private let table: [(bytes: UInt32, count: UInt8)]

    /// Creates a transcoder from an index: 128 code points of four hexadecimal digits each, U+FFFD for none. Spaces are
    /// ignored.
    init(_ index: StaticString) {
        // Safe: the string is part of the program.
        let digits = index.withUTF8Buffer { $0.filter { $0 > 0x20 } }
        table = stride(from: 0, to: digits.count, by: 4).map { start in
            let code = UInt32(String(decoding: digits[start..<start + 4], as: UTF8.self), radix: 16) ?? 0xFFFD
            return Self.entry(code)
        }
    }

    private static func entry(_ code: UInt32) -> (bytes: UInt32, count: UInt8) {
        guard code != 0xFFFD, code >= 0xA0, let scalar = Unicode.Scalar(code) else {
            return (UInt32(Undecodable.noCharacter.rawValue), 1)
        }
        var (bytes, count) = (UInt32(0), UInt8(0))
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            bytes |= UInt32(byte) << (8 * UInt32(count))
            count += 1
        }
        return (bytes, count)
    }

    func transcode(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        // Used during this call only.
        let view = ByteView(bytes.assumingMemoryBound(to: UInt8.self))
        var position = 0
        while position < bytes.count {
            let plain = view.asciiCount(from: position)
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[position..<position + plain]))
            position += plain
            while position < bytes.count, bytes[position] >= 0x80 {
                let (character, count) = table[Int(bytes[position] & 0x7F)]
                for place in 0..<UInt32(count) { output.append(UInt8(truncatingIfNeeded: character >> (8 * place))) }
                position += 1
            }
        }
    }

    func finish(_ output: inout [UInt8]) {}
}
