import SluiceCSV

/// Reads back what ``MessagePacker`` wrote: the rows in a message's body.
package enum MessageRows {
    /// Why the rows of a body can't be had.
    package enum Fault: Error, Sendable, Hashable {
        /// The body is not what its content says.
        case damaged
        /// It, or what it unpacks to, is larger than allowed.
        case tooLarge
    }

    /// The most bytes of a body, and of what it unpacks to, if nothing else is said. Messages come from others: a few KiB
    /// can unpack to more than the memory holds.
    package static let usualLimit = 64 << 20

    /// The rows, each on a line, byte for byte as they were written.
    ///
    /// Memory is a small multiple of `limit`, whatever the body is.
    package static func lines(
        in body: [UInt8],
        _ content: Message.Content,
        limit: Int = usualLimit
    ) throws(Fault) -> [UInt8] {
        guard body.count <= limit else { throw .tooLarge }
        let found =
            switch content {
            case .json: lines(ofArray: body)
            case .ndjson: lines(ofLines: body)
            case .jsonZstd: lines(ofArray: try decompressed(body, limit: limit))
            case .ndjsonZstd: lines(ofLines: try decompressed(body, limit: limit))
            case .manifest, .aborted: [UInt8]?.none
            }
        guard let found else { throw .damaged }
        return found
    }

    private static func lines(ofLines text: [UInt8]) -> [UInt8]? {
        guard let last = text.last else { return nil }
        return last == UInt8(ascii: "\n") ? text : text + [UInt8(ascii: "\n")]
    }

    /// `[{"a":"1"},{"a":"[,]"}]` → two lines. Line ends inside strings are escaped, so a row has none.
    private static func lines(ofArray text: [UInt8]) -> [UInt8]? {
        guard text.count >= 2, text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") else { return nil }
        var lines = text
        lines.removeFirst()
        var (depth, isInString, isEscaped) = (1, false, false)
        for index in lines.indices {
            let byte = lines[index]
            if isInString {
                isInString = byte != UInt8(ascii: "\"") || isEscaped
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ","): if depth == 1 { lines[index] = UInt8(ascii: "\n") }
            default: break
            }
            if depth == 0, index < lines.count - 1 { return nil }
        }
        guard depth == 0 else { return nil }
        lines[lines.count - 1] = UInt8(ascii: "\n")
        return lines.count == 1 ? [] : lines
    }

    /// The text in the base64 of one zstd frame.
    private static func decompressed(_ body: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
        guard let frame = Base64.decoded(body), let decoder = try? ZstdDecoder() else { throw .damaged }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        return try frame.withUnsafeBufferPointer { (frame) throws(Fault) in
            var input = UnsafeRawBufferPointer(frame)
            while true {
                // Safe: the decoder reads and writes within these two, during the call only.
                let (step, count) = buffer.withUnsafeMutableBytes { memory in
                    var free = memory
                    let step = decoder.decode(&input, into: &free)
                    return (step, memory.count - free.count)
                }
                if count > limit - text.count { throw .tooLarge }
                text += buffer[..<count]
                switch step {
                case .end:
                    if input.isEmpty { return text }
                    throw .damaged
                case .more: if count == 0, input.isEmpty { throw .damaged }
                case .damaged, .noMemory, .windowTooLarge: throw .damaged
                }
            }
        }
    }
}

extension Base64 {
    /// `TWFu` → `Man`; nil: it is no base64 with padding.
    package static func decoded(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            var group: UInt32 = 0
            for (place, byte) in text[start..<start + 4].enumerated() {
                let isPadding = start + place >= text.count - padding
                let value = isPadding ? 0 : values[Int(byte)]
                guard value < 64 else { return nil }
                group = group << 6 | UInt32(value)
            }
            bytes += [UInt8(group >> 16), UInt8(truncatingIfNeeded: group >> 8), UInt8(truncatingIfNeeded: group)]
        }
        bytes.removeLast(padding)
        return bytes
    }

    /// What each byte stands for; 64: nothing.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, digit) in digits.utf8.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()
}
