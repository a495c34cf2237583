import SluiceCSV

/// The encoding of an input's text, by the labels of the [WHATWG Encoding Standard](https://encoding.spec.whatwg.org/).
///
///     Encoding(label: "latin1")    // windows-1252, as in the standard
///     Encoding(label: "UTF-16")    // utf-16: the byte order mark states the order
///
/// Anything but UTF-8 is read as a stream. Ranges count bytes of the UTF-8 text, offsets in errors count stored bytes.
/// Ranges exclude the byte order mark of ``utf16`` and include that of the other encodings.
public struct Encoding: Sendable, Hashable, CustomStringConvertible {
    /// The name in the standard, in lower case; `utf-16` for ``utf16``.
    public let name: String
    let form: Form

    enum Form: Sendable, Hashable {
        case utf8
        case utf16(UTF16ToUTF8.Order?)
        /// Its position in ``StandardIndexes/singleByte``.
        case singleByte(Int)
    }

    private init(_ name: String, _ form: Form) {
        self.name = name
        self.form = form
    }

    /// The default.
    public static let utf8 = Encoding("utf-8", .utf8)
    /// UTF-16 with a byte order mark. An input without one is invalid, because its order would be a guess.
    public static let utf16 = Encoding("utf-16", .utf16(nil))
    /// UTF-16, little endian.
    public static let utf16LittleEndian = Encoding("utf-16le", .utf16(.little))
    /// UTF-16, big endian.
    public static let utf16BigEndian = Encoding("utf-16be", .utf16(.big))
    /// What programs on Windows write in Western Europe and America; also called Latin-1.
    public static let windows1252 = all.first { $0.name == "windows-1252" } ?? utf8

    /// All encodings that can be read.
    public static let all: [Encoding] =
        [utf8, utf16, utf16LittleEndian, utf16BigEndian]
        + StandardIndexes.singleByte.enumerated().map { Encoding("\($1.name)", .singleByte($0)) }

    /// Creates the encoding with a label of the standard, in any case. Returns nil if there is no such label or it can't be
    /// read.
    public init?(label: String) {
        let label = Self.trimmed(label)
        if label == Self.utf16.name {
            self = .utf16
        } else if let found = Self.labels.first(where: { Self.words($0.labels).contains(label) }) {
            self = found.encoding
        } else {
            return nil
        }
    }

    private static let labels: [(labels: StaticString, encoding: Encoding)] =
        [
            (StandardIndexes.utf8, utf8), (StandardIndexes.utf16LittleEndian, utf16LittleEndian),
            (StandardIndexes.utf16BigEndian, utf16BigEndian),
        ] + zip(StandardIndexes.singleByte.map(\.labels), all.dropFirst(4)).map { ($0, $1) }

    /// Returns why an encoding of the standard can't be read, and what to do. Returns nil if no such encoding has that
    /// label.
    package static func refusal(of label: String) -> String? {
        let label = trimmed(label)
        guard let found = StandardIndexes.others.first(where: { words($0.labels).contains(label) }) else { return nil }
        let name = "\(found.name)"
        let refusal = "\(label == name.lowercased() ? name : "\(label) (\(name))") is not supported"
        if unknownToIconv.contains(label) { return refusal }
        let (converter, file) = (converters[name] ?? label.uppercased(), CSVError.filePlaceholder)
        return "\(refusal); to convert it: (set -C; iconv -f \(converter) -t UTF-8 \(file) > \(file).utf8) && "
            + "sluice convert \(file).utf8"
    }

    private static let unknownToIconv = ["hz-gb-2312", "replacement", "x-user-defined"]

    /// The names that iconv has for them: the standard's Shift_JIS and EUC-KR are the variants of Windows, its Big5 is that
    /// of Hong Kong.
    private static let converters = [
        "Shift_JIS": "CP932", "EUC-KR": "CP949", "EUC-JP": "EUC-JP-MS", "Big5": "BIG5-HKSCS", "GBK": "GB18030",
        "gb18030": "GB18030", "ISO-2022-JP": "ISO-2022-JP",
    ]

    private static func trimmed(_ label: String) -> String {
        var scalars = label.lowercased().unicodeScalars[...]
        let isSpace = { (scalar: Unicode.Scalar) in [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(scalar.value) }
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        return String(scalars)
    }

    private static func words(_ text: StaticString) -> [String] { "\(text)".split(separator: " ").map(String.init) }

    /// The name of the encoding.
    public var description: String { name }
}

extension Encoding {
    /// How the UTF-8 text is related to the stored bytes.
    var textForm: TextForm {
        switch form {
        case .utf8: .asStored
        case .utf16(let order): .utf16(isMarkGone: order == nil)
        case .singleByte: .singleByte
        }
    }

    /// The encoding as which the first bytes are examined.
    var recognized: Recognition.Encoding {
        switch form {
        case .utf8: .utf8
        case .utf16(nil): .utf16
        case .utf16(.little): .utf16LittleEndian
        case .utf16(.big): .utf16BigEndian
        case .singleByte: .singleByte
        }
    }

    /// Converts to UTF-8; nil for UTF-8 itself.
    var transcoder: (any Transcoder)? {
        switch form {
        case .utf8: nil
        case .utf16(let order): UTF16ToUTF8(order: order)
        case .singleByte(let position): SingleByteToUTF8(StandardIndexes.singleByte[position].index)
        }
    }
}
