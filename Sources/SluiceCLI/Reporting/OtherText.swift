import SluiceCSV
import SluiceEngine
import SluicePlatform

/// What text that is not UTF-8 appears to be. The file must be readable a second time.
enum OtherText {
    /// All of it may be windows-1252: every byte has a character there, and no bytes form a multi-byte UTF-8 character.
    case windows
    /// Some bytes form multi-byte UTF-8 characters, and some are not UTF-8.
    case mixed
    /// Neither, or it can't be determined.
    case unknown

    /// Examines as much of the file as a user would wait for: the first 64 MiB.
    init(of path: String) {
        let descriptor = System.open(path)
        guard descriptor >= 0 else {
            self = .unknown
            return
        }
        defer { System.close(descriptor) }
        var look = Look()
        do throws(SluiceError) {
            var source = try OpenedInput.decoded(DescriptorSource(descriptor: descriptor, path: path), .utf8)
            try look.read(from: &source)
        } catch {
            look.isOther = true
        }
        self = look.hasWideUTF8 ? .mixed : look.isOther ? .unknown : .windows
    }
}

/// What was found so far.
private struct Look {
    /// Whether there was a well-formed UTF-8 sequence of several bytes.
    var hasWideUTF8 = false
    /// Whether there was a byte that is not text in windows-1252, the truncated start of a longer UTF-8 sequence, or
    /// the surrogates of a character, each encoded in UTF-8, as some programs write them.
    var isOther = false

    mutating func read(from source: inout any ByteSource) throws(SluiceError) {
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        var (bytes, seen, isLast) = ([UInt8](), 0, false)
        while !hasWideUTF8, !isLast, seen < Self.limit {
            let count = try source.read(into: &piece)
            isLast = count == 0
            seen += count
            bytes += piece[..<count]
            bytes.removeFirst(bytes.withView { look(at: $0, isLast: isLast) })
        }
    }

    /// Examines bytes and returns how many; the others must be examined again with those after them.
    private mutating func look(at bytes: ByteView, isLast: Bool) -> Int {
        let end = bytes.count
        var position = 0
        while position < end {
            let byte = bytes[position]
            if byte < 0x80 {
                if byte < 0x20, ![0x09, 0x0A, 0x0D].contains(byte) { isOther = true }
                position += 1
                continue
            }
            if !isLast, end - position < Self.longestSequence { return position }
            let (length, isWellFormed) = UTF8Text.subpart(bytes, at: position)
            if isWellFormed { hasWideUTF8 = true }
            let isHalf =
                byte == 0xED && position + 3 < end && bytes[position + 1] >= 0xA0 && bytes[position + 3] == 0xED
            if length > 1 || isHalf || Self.unassigned.contains(byte) { isOther = true }
            position += length
        }
        return end
    }

    /// Bytes that windows-1252 has no character for.
    private static let unassigned: Set<UInt8> = [0x81, 0x8D, 0x8F, 0x90, 0x9D]
    /// The bytes of two UTF-8 sequences, which may be the surrogates of one character.
    private static let longestSequence = 6
    private static let pieceSize = 1 << 16
    private static let limit = 1 << 26
}
