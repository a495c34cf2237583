/// UTF-16 (RFC 2781) to UTF-8, with a byte that is never UTF-8 for each code unit that makes no character.
///
///     FE FF  00 41  D8 3D DE 00  DC 00   big endian, by its mark: A, a pair of surrogates, a low one alone
///            41     F0 9F 98 80  FF
struct UTF16ToUTF8: Transcoder {
    enum Order {
        case big
        case little
    }

    /// Nil until the byte order mark is read.
    private var order: Order?
    /// The first byte of a unit whose second has not come yet.
    private var half: UInt8?
    /// A high surrogate whose low one has not come yet.
    private var high: UInt16?

    init(order: Order?) { self.order = order }

    mutating func transcode(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) throws(SluiceError) {
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = UInt16(first) << 8 | UInt16(byte)
            switch order {
            case .big: append(unit, to: &output)
            case .little: append(unit.byteSwapped, to: &output)
            case nil: try readMark(unit)
            }
        }
    }

    mutating func finish(_ output: inout [UInt8]) throws(SluiceError) {
        if order == nil, half != nil { throw Self.noMark }
        if high != nil { output.append(Self.illFormed) }
        if half != nil { output.append(Self.illFormed) }
        (high, half) = (nil, nil)
    }

    private mutating func readMark(_ unit: UInt16) throws(SluiceError) {
        switch unit {
        case 0xFEFF: order = .big
        case 0xFFFE: order = .little
        default: throw Self.noMark
        }
    }

    private static var noMark: SluiceError {
        .unusable("it has no UTF-16 byte order mark; name the order: --encoding utf-16le or --encoding utf-16be")
    }

    /// A byte of no UTF-8 sequence, and by itself one ill-formed part.
    private static var illFormed: UInt8 { 0xFF }

    private mutating func append(_ unit: UInt16, to output: inout [UInt8]) {
        if let high {
            self.high = nil
            if unit & 0xFC00 == 0xDC00 { return appendPair(high, unit, to: &output) }
            output.append(Self.illFormed)
        }
        switch unit {
        case ..<0x80: output.append(UInt8(unit))
        case ..<0x800:
            output.append(0xC0 | UInt8(unit >> 6))
            output.append(Self.trail(UInt32(unit)))
        case 0xD800..<0xDC00: high = unit
        case 0xDC00..<0xE000: output.append(Self.illFormed)
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

    /// A byte that continues a sequence, with the lowest six of these bits.
    private static func trail(_ bits: UInt32) -> UInt8 { 0x80 | UInt8(bits & 0x3F) }
}
