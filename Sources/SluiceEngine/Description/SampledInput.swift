import SluiceCSV
import SluicePlatform

/// An input whose first bytes have been read, to find out how to read it.
struct SampledInput {
    /// The start of the input, decompressed, and of a file also pieces from later.
    private(set) var pieces: [[UInt8]] = [[]]
    /// Whether the sample is the whole input.
    private(set) var isAll = false
    private let input: OpenedInput
    /// What is left of a stream, with the sample before it; nil for a mapped file, which can be read again.
    private var stream: PrefixedSource?

    static let size = 1 << 17
    /// A sample of fewer lines says little. It is doubled until it has them, or is of the largest size.
    private static let fewestLines = 4
    private static let largestSize = 1 << 23
    private static let laterPieces = 4

    var sample: [UInt8] { pieces[0] }

    init(_ converter: CSVConverter, _ name: String) throws(SluiceError) {
        var plain = converter
        plain.encoding = .utf8
        input = try converter.open(name)
        switch try input.content(of: plain) {
        case .mapped(let file):
            let bytes = file.bytes
            var count = 0
            repeat {
                count = min(bytes.count, max(Self.size, 2 * count))
                isAll = count == bytes.count
                pieces = [bytes[0..<count].array]
            } while !isAll && !Self.isEnough(pieces[0])
            for number in 1...Self.laterPieces where !isAll {
                let start = max(count, (bytes.count - Self.size) / Self.laterPieces * number)
                if start + Self.size / 2 <= bytes.count { pieces.append(bytes[start..<start + Self.size / 2].array) }
            }
            if file.isTruncated { throw .inputChanged }
        case .stream(var source):
            var first: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 15)
            var wanted = Self.size
            while !isAll {
                let count = try source.read(into: &buffer)
                isAll = count == 0
                first += buffer[..<count]
                guard first.count >= wanted else { continue }
                if Self.isEnough(first) { break }
                wanted *= 2
            }
            pieces = [first]
            stream = PrefixedSource(first, then: source)
        }
    }

    /// Whether a sample has enough lines, whatever ends them.
    private static func isEnough(_ bytes: [UInt8]) -> Bool {
        if bytes.count >= largestSize { return true }
        var (feeds, returns) = (0, 0)
        for byte in bytes {
            if byte == 0x0A { feeds += 1 } else if byte == 0x0D { returns += 1 }
            if max(feeds, returns) >= fewestLines { return true }
        }
        return false
    }

    /// The whole input in that encoding.
    func content(of converter: CSVConverter) throws(SluiceError) -> OpenedInput.Content {
        guard let stream else { return try input.content(of: converter) }
        guard let decoder = TextDecoder(converter.encoding, assumesCSV: converter.dialect.assumesCSV) else {
            return .stream(stream)
        }
        return .stream(TranscodedSource(stream, decoder, converter.encoding.textForm))
    }

    /// The sample as UTF-8, without a byte order mark, up to the last line end if the input goes on.
    func text(in encoding: Encoding) -> [UInt8] {
        var text = sample
        if var decoder = TextDecoder(encoding, assumesCSV: true) {
            text = []
            sample.withUnsafeBytes { decoder.decode($0, to: &text) }
            if isAll { decoder.finish(&text, isDamaged: false) }
        }
        if text.starts(with: UTF8Text.mark) { text.removeFirst(UTF8Text.mark.count) }
        return text
    }
}
