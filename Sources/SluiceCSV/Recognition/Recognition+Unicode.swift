/// Recognizes byte order marks, and UTF-16 and UTF-32 without one.
extension Recognition {
    private static let marks: [(mark: [UInt8], found: CSVError.Finding)] = [
        ([0xFF, 0xFE, 0, 0], .utf32LittleEndian), ([0, 0, 0xFE, 0xFF], .utf32BigEndian), (UTF8Text.mark, .utf8),
        ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
    ]

    /// Returns whether a byte order mark contradicts the encoding.
    func mark() -> Verdict {
        for (mark, found) in Self.marks {
            switch starts(with: mark) {
            case .no: continue
            case .sofar: return .open
            case .yes: return verdict(mark: found)
            }
        }
        return .csv
    }

    private func verdict(mark found: CSVError.Finding) -> Verdict {
        let mismatch = Verdict.fault(.byteOrderMark, .found(found))
        switch (found, encoding) {
        case (.utf32LittleEndian, _), (.utf32BigEndian, _): return .fault(.utf32Input, .found(found))
        case (.utf8, .utf8): return .csv
        case (.utf8, _): return mismatch
        case (_, .utf8): return .fault(.utf16Input, .none)
        case (_, .utf16): return .csv
        case (.utf16LittleEndian, .utf16LittleEndian), (.utf16BigEndian, .utf16BigEndian): return .csv
        default: return mismatch
        }
    }

    /// Returns the verdict on an input without a byte order mark, by its zero bytes.
    func unmarked() -> Verdict {
        if Self.marks.contains(where: { starts(with: $0.mark) == .yes }) { return .csv }
        if !assumesCSV {
            let signs = [utf32, utf16]
            if signs.contains(.open) { return .open }
            if let fault = signs.first(where: { $0 != .csv }) { return fault }
        }
        switch encoding {
        case .utf16: return noMark
        case .utf16LittleEndian: return assumesCSV ? .csv : lineEnds(.utf16LittleEndian)
        case .utf16BigEndian: return assumesCSV ? .csv : lineEnds(.utf16BigEndian)
        case .utf8, .singleByte, .transcoded: return .csv
        }
    }

    private static let ascii: ClosedRange<UInt8> = 1...0x7F
    private static let zero: ClosedRange<UInt8> = 0...0

    /// Recognizes UTF-32: the first 8 bytes are two ASCII characters.
    private var utf32: Verdict {
        let little = [Self.ascii, Self.zero, Self.zero, Self.zero]
        for (character, found) in [(little, CSVError.Finding.utf32LittleEndian), (little.reversed(), .utf32BigEndian)] {
            switch starts(with: character + character) {
            case .no: continue
            case .sofar: return .open
            case .yes: return .fault(.utf32Input, .found(found))
            }
        }
        return .csv
    }

    /// Recognizes UTF-16: each pair of the first 16 bytes, or each complete pair of a shorter input with at least two, is
    /// an ASCII character.
    private var utf16: Verdict {
        let pairs = min(bytes.count, 16) / 2
        let isEnough = bytes.count >= 16 || isAll
        for found in [CSVError.Finding.utf16LittleEndian, .utf16BigEndian] {
            let zeroSide = found == .utf16LittleEndian ? 1 : 0
            let isSign = (0..<pairs).allSatisfy { pair in
                bytes[2 * pair + zeroSide] == 0 && Self.ascii.contains(bytes[2 * pair + 1 - zeroSide])
            }
            guard isSign else { continue }
            if !isEnough { return .open }
            // The named encoding has this byte order.
            let isNamed =
                (encoding == .utf16LittleEndian && zeroSide == 1) || (encoding == .utf16BigEndian && zeroSide == 0)
            if pairs >= 2, !isNamed, encoding != .utf16 { return .fault(.utf16Input, .found(found)) }
        }
        return .csv
    }

    /// The error of an input whose byte order mark is missing but needed. It names the order if the line ends show it.
    private var noMark: Verdict {
        guard isAll else { return .open }
        let (little, big) = (hasLineEnd(zeroSide: 1), hasLineEnd(zeroSide: 0))
        if little == big { return .fault(.noByteOrderMark, .none) }
        return .fault(.noByteOrderMark, .found(little ? .utf16LittleEndian : .utf16BigEndian))
    }

    /// Checks the named byte order. Text in that order has a line end, or at least a delimiter. If it has none, but one in
    /// the other order or a line end in single bytes, the name is wrong.
    private func lineEnds(_ named: CSVError.Finding) -> Verdict {
        let zeroSide = named == .utf16LittleEndian ? 1 : 0
        if hasLineEnd(zeroSide: zeroSide) { return .csv }
        guard isAll else { return .open }
        let isOtherOrder =
            hasLineEnd(zeroSide: 1 - zeroSide)
            || hasDelimiter(zeroSide: 1 - zeroSide) && !hasDelimiter(zeroSide: zeroSide)
        if isOtherOrder {
            let other: CSVError.Finding = named == .utf16LittleEndian ? .utf16BigEndian : .utf16LittleEndian
            return .fault(.utf16Input, .found(other))
        }
        let isSingleBytes = bytes.contains { $0 == 0x0A || $0 == 0x0D } && !bytes.contains(0)
        return isSingleBytes ? .fault(.wrongEncoding, .found(.singleBytes)) : .csv
    }

    private func hasLineEnd(zeroSide: Int) -> Bool { has([0x0A, 0x0D], zeroSide: zeroSide) }

    /// Looks for a quote, a comma, a semicolon or a space. With its bytes swapped, each is a rare character.
    private func hasDelimiter(zeroSide: Int) -> Bool {
        has([0x22, 0x2C, 0x3B, 0x20], zeroSide: zeroSide)
    }

    private func has(_ characters: [UInt8], zeroSide: Int) -> Bool {
        stride(from: 0, to: bytes.count - 1, by: 2).contains { pair in
            bytes[pair + zeroSide] == 0 && characters.contains(bytes[pair + 1 - zeroSide])
        }
    }
}
