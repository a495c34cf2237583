import SluiceCSV

/// Transcodes UTF-16 (RFC 2781) to UTF-8, with ``Undecodable`` for each code unit that is part of no character.
///
///     FE FF  00 41  D8 3D DE 00  DC 00   big endian, by its mark: A, a pair of surrogates, a low one alone
///            41     F0 9F 98 80  FF
struct UTF16ToUTF8: Transcoder {
    enum Order: Sendable, Hashable {
        case big
        case little
    }

    /// Nil until the byte order mark is read.
    private var order: Order?
    /// The first byte of a unit whose second byte has not arrived.
    private var half: UInt8?
    /// A high surrogate whose low one has not arrived.
    private var high: UInt16?

    init(order: Order?) { self.order = order }

    mutating func transcode(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        var position = 0
        if let first = half, let second = bytes.first {
            half = nil
            position = 1
            append(UInt16(first) << 8 | UInt16(second), to: &output)
        }
        if order == nil, position + 2 <= bytes.count {
            append(bytes.unit(at: position), to: &output)
            position += 2
        }
        let end = position + (bytes.count - position) / 2 * 2
        while position < end {
            let plain = high == nil ? appendASCII(bytes, from: position, to: end, &output) : 0
            position += plain
            if position == end { break }
            append(bytes.unit(at: position), to: &output)
            position += 2
        }
        if position < bytes.count { half = bytes[position] }
    }

    mutating func finish(_ output: inout [UInt8]) {
        if high != nil { output.append(Undecodable.unpairedSurrogate.rawValue) }
        if half != nil { output.append(Undecodable.oddLastByte.rawValue) }
        (high, half) = (nil, nil)
    }

    /// Appends the ASCII characters at the start, four at a time. Returns how many bytes they were.
    private func appendASCII(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int,
        to end: Int,
        _ output: inout [UInt8]
    ) -> Int {
        let zeros: UInt64 = order == .little ? 0xFF80_FF80_FF80_FF80 : 0x80FF_80FF_80FF_80FF
        let shift: UInt64 = order == .little ? 0 : 8
        var position = start
        // Safe: `end` lies within the buffer.
        while position + 8 <= end {
            let units = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            if units & zeros != 0 { break }
            let letters = units >> shift
            output.append(UInt8(truncatingIfNeeded: letters))
            output.append(UInt8(truncatingIfNeeded: letters >> 16))
            output.append(UInt8(truncatingIfNeeded: letters >> 32))
            output.append(UInt8(truncatingIfNeeded: letters >> 48))
            position += 8
        }
        return position - start
    }

    /// Appends a unit that was read as big endian.
    private mutating func append(_ unit: UInt16, to output: inout [UInt8]) {
        switch order {
        case .big: append(character: unit, to: &output)
        case .little: append(character: unit.byteSwapped, to: &output)
        // An input without a mark is refused before it gets here.
        case nil: order = unit == 0xFFFE ? .little : .big
        }
    }

    private mutating func append(character unit: UInt16, to output: inout [UInt8]) {
        if let high {
            self.high = nil
            if unit & 0xFC00 == 0xDC00 { return appendPair(high, unit, to: &output) }
            output.append(Undecodable.unpairedSurrogate.rawValue)
        }
        switch unit {
        case ..<0x80: output.append(UInt8(unit))
        case ..<0x800:
            output.append(0xC0 | UInt8(unit >> 6))
            output.append(Self.trail(UInt32(unit)))
        case 0xD800..<0xDC00: high = unit
        case 0xDC00..<0xE000: output.append(Undecodable.unpairedSurrogate.rawValue)
        default:
            output.append(0xE0 | UInt8(unit >> 12))
            output.append(Self.trail(UInt32(unit) >> 6))
            output.append(Self.trail(UInt32(unit)))
        }
    }

    private func appendPair(_ high: UInt16, _ low: UInt16, to output: inout [UInt8]) {
        let scalar = 0x1_0000 + UInt32(high & 0x3FF) << 10 + UInt32(low & 0x3FF)
        output.append(0xF0 | UInt8(scalar >> 18))
        output.append(Self.trail(scalar >> 12))
        output.append(Self.trail(scalar >> 6))
        output.append(Self.trail(scalar))
    }

    /// Returns the byte that continues a sequence with the lowest six of these bits.
    private static func trail(_ bits: UInt32) -> UInt8 { 0x80 | UInt8(bits & 0x3F) }
}

extension UnsafeRawBufferPointer {
    /// Returns two bytes as a big-endian unit.
    fileprivate func unit(at position: Int) -> UInt16 { UInt16(self[position]) << 8 | UInt16(self[position + 1]) }
}
