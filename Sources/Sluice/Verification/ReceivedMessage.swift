import CZstd
import SluiceJSON

/// A message as it was received: read back from the JSON that ``MessageLineSink`` writes.
package struct ReceivedMessage: Sendable {
    package var body: [UInt8]
    package var attributes: [String: String]

    package init(body: [UInt8], attributes: [String: String]) {
        self.body = body
        self.attributes = attributes
    }

    /// Reads `{"body":"…","attributes":{…}}`; nil if it is something else.
    package init?(json: UnsafeBufferPointer<UInt8>) {
        guard let value = try? JSONReader.value(of: json), let body = value["body"]?.bytes,
            let members = value["attributes"]?.members
        else { return nil }
        var attributes: [String: String] = [:]
        for (name, value) in members {
            guard let text = value.text else { return nil }
            attributes[name] = text
        }
        self.init(body: body, attributes: attributes)
    }

    package var content: Message.Content? { attributes["sluice.content"].flatMap(Message.Content.init(rawValue:)) }
    package var source: String? { attributes["sluice.source"] }
    package var id: String? { attributes["sluice.id"] }
    package var range: Range<UInt64>? { attributes["sluice.range"].flatMap(Self.range) }

    /// `START-END`.
    static func range(_ text: String) -> Range<UInt64>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start <= end else { return nil }
        return start..<end
    }

    /// The rows, each followed by a line feed; nil if the body is damaged.
    package var lines: [UInt8]? {
        switch content {
        case .json: Self.lines(ofArray: body)
        case .ndjson: body
        case .jsonZstd: decompressed.flatMap(Self.lines)
        case .ndjsonZstd: decompressed
        case .manifest, .aborted, nil: nil
        }
    }

    private var decompressed: [UInt8]? {
        guard let frame = Base64.decoded(body) else { return nil }
        let size = ZSTD_getFrameContentSize(frame, frame.count)
        // A frame says its size; no message has a thousand times what it could hold.
        guard size <= 1 << 30 else { return nil }
        var content = [UInt8](repeating: 0, count: Int(size))
        return ZSTD_decompress(&content, content.count, frame, frame.count) == content.count ? content : nil
    }

    /// Rows of `[{…},{…}]`: strings are skipped, and what separates rows stands outside all brackets but the first.
    private static func lines(ofArray text: [UInt8]) -> [UInt8]? {
        guard text.count >= 2, text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") else { return nil }
        var lines = Array(text.dropFirst())
        lines[lines.count - 1] = UInt8(ascii: "\n")
        var (depth, isString, isEscaped) = (0, false, false)
        for index in lines.indices.dropLast() {
            let byte = lines[index]
            if isString {
                isString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ",") where depth == 0: lines[index] = UInt8(ascii: "\n")
            default: break
            }
        }
        return depth == 0 && !isString ? lines : nil
    }
}
