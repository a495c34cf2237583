import SluiceCSV

/// What the bytes of a sample say of its encoding.
///
///     EF BB BF                                 utf-8, by its byte order mark
///     i 0 d 0 , 0                              utf-16le: every second byte is zero
///     a , é (C3 A9)                            utf-8: well-formed sequences, which other encodings hardly have
///     a , é (E9)                               windows-1252: no such sequence, and every byte has a character there
struct EncodingEvidence {
    private let bytes: [UInt8]
    /// Well-formed characters of several bytes, and ill-formed parts.
    private var wide = 0
    private var illFormed = 0
    /// Bytes that windows-1252 has no character for, and control characters.
    private var unassigned = 0
    /// Bytes that are letters in windows-1252, among those from 80 up.
    private var letters = 0
    private var high = 0

    /// - Parameter pieces: the start of the input, and perhaps pieces from the middle of it.
    init(_ pieces: [[UInt8]]) {
        bytes = pieces.first ?? []
        for (index, piece) in pieces.enumerated() { count(piece, isFirst: index == 0) }
    }

    private mutating func count(_ piece: [UInt8], isFirst: Bool) {
        piece.withView { view in
            // A piece may start and end within a character.
            var position = 0
            while !isFirst, position < min(3, view.count), view[position] & 0xC0 == 0x80 { position += 1 }
            while position < view.count {
                let byte = view[position]
                if byte < 0x80 {
                    if byte < 0x20, ![0x09, 0x0A, 0x0C, 0x0D].contains(byte) { unassigned += 1 }
                    position += 1
                    continue
                }
                let (length, isWellFormed) = UTF8Text.subpart(view, at: position)
                if !isWellFormed, position + length == view.count { return }
                wide += isWellFormed ? 1 : 0
                illFormed += isWellFormed ? 0 : 1
                for place in position..<position + length { note(view[place]) }
                position += length
            }
        }
    }

    private mutating func note(_ byte: UInt8) {
        high += 1
        if [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(byte) { unassigned += 1 }
        if byte >= 0xC0, byte != 0xD7, byte != 0xF7 { letters += 1 }
    }

    func finding() throws(SniffingError) -> Sniffing.Finding {
        if let marked { return Sniffing.Finding(question: .encoding, candidates: [marked]) }
        if let paired { return Sniffing.Finding(question: .encoding, candidates: [paired]) }
        let utf8 = Sniffing.Candidate(setting: "utf-8", evidence: utf8Evidence, score: utf8Score)
        if illFormed == 0 { return Sniffing.Finding(question: .encoding, candidates: [utf8]) }
        let windows = Sniffing.Candidate(setting: "windows-1252", evidence: windowsEvidence, score: windowsScore)
        let sorted = [utf8, windows].sorted { $0.score > $1.score }
        guard sorted[0].score >= 0.5, sorted[1].score < 0.8 * sorted[0].score else {
            throw .tie(Sniffing.Tie(question: .encoding, candidates: [utf8, windows]))
        }
        return Sniffing.Finding(question: .encoding, candidates: sorted)
    }

    private var utf8Score: Double { illFormed == 0 ? 1 : Double(wide) / Double(wide + illFormed) }

    /// A single-byte text hardly has a sequence that is well-formed, so each speaks against it.
    private var windowsScore: Double {
        if unassigned > 0 { return 0 }
        return Double(illFormed) / Double(wide + illFormed) * (0.5 + 0.5 * Double(letters) / Double(max(1, high)))
    }

    private var utf8Evidence: String {
        if high == 0 { return "all bytes are ASCII" }
        return "\(wide) well-formed characters of several bytes, \(illFormed) ill-formed parts"
    }

    private var windowsEvidence: String {
        "\(high) bytes from 80 up, \(letters) of them letters; \(unassigned) bytes without a character"
    }

    private var marked: Sniffing.Candidate? {
        let marks: [(mark: [UInt8], name: String)] = [
            (UTF8Text.mark, "utf-8"), ([0xFF, 0xFE], "utf-16"), ([0xFE, 0xFF], "utf-16"),
        ]
        guard let found = marks.first(where: { bytes.starts(with: $0.mark) }) else { return nil }
        let mark = found.mark.map { Hex.text($0) }.joined(separator: " ")
        return Sniffing.Candidate(setting: found.name, evidence: "byte order mark \(mark)", score: 1)
    }

    /// UTF-16 without a mark: pairs of which one byte is zero, always on the same side.
    private var paired: Sniffing.Candidate? {
        let pairs = bytes.count / 2
        guard pairs >= 2 else { return nil }
        for (name, side) in [("utf-16le", 1), ("utf-16be", 0)] {
            let zeros = (0..<pairs).count { bytes[2 * $0 + side] == 0 && bytes[2 * $0 + 1 - side] != 0 }
            guard zeros * 10 >= pairs * 7 else { continue }
            return Sniffing.Candidate(
                setting: name,
                evidence: "\(zeros) of \(pairs) pairs of bytes have a zero on the same side",
                score: Double(zeros) / Double(pairs)
            )
        }
        return nil
    }
}

private enum Hex {
    static func text(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + digits : digits
    }
}
