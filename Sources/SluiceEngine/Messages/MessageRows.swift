import SluiceCSV
import SluiceJSON

/// Reads what ``MessagePacker`` wrote: the rows in a message's body.
package enum MessageRows {
    /// Why the rows of a body can't be read.
    package enum Fault: Error, Sendable, Hashable {
        /// The body is not what its attribute `sluice.content` states.
        case damaged
        /// The body is larger than allowed, packed or unpacked.
        case tooLarge
    }

    /// The default limit for the bytes of a body, packed and unpacked. Messages are untrusted: a few KiB can unpack to more
    /// than the memory holds.
    package static let usualLimit = 64 << 20

    /// Returns the rows, each on a line, byte for byte as they were written. The JSON grammar is checked, so that a
    /// truncated or altered body is detected.
    ///
    /// Memory is a small multiple of `limit`, whatever the body holds.
    package static func lines(
        in body: [UInt8],
        _ content: Message.Content,
        limit: Int = usualLimit
    ) throws(Fault) -> [UInt8] {
        try lines(ofText: try text(in: body, content, limit: limit), content)
    }

    /// Returns the number of rows, after the same check.
    static func count(
        in body: [UInt8],
        _ content: Message.Content,
        limit: Int,
        _ kernel: Kernel = .best
    ) throws(Fault) -> UInt64 {
        var text = try text(in: body, content, limit: limit)
        let size = text.count
        text += [UInt8](repeating: 0, count: RowCounter.padding)
        let isArray = isArray(content, text)
        let rows = text.withView {
            RowCounter.rows(in: $0[0..<size], isArray: isArray, isEscaped: false, kernel: kernel)
        }
        if let rows { return UInt64(rows) }
        text.removeLast(RowCounter.padding)
        return try lines(ofText: text, content).reduce(into: 0) { $0 += $1 == 0x0A ? 1 : 0 }
    }

    private static func lines(ofText text: [UInt8], _ content: Message.Content) throws(Fault) -> [UInt8] {
        guard let found = isArray(content, text) ? lines(ofArray: text) : lines(ofLines: text), isUTF8(found) else {
            throw .damaged
        }
        return found
    }

    /// Whether a text is one array. Rejects are written like the rows of their run.
    private static func isArray(_ content: Message.Content, _ text: [UInt8]) -> Bool {
        switch content {
        case .json, .jsonZstd: true
        case .rejects: text.first == UInt8(ascii: "[")
        case .ndjson, .ndjsonZstd, .manifest, .aborted: false
        }
    }

    /// Returns the text of a body, unpacked.
    private static func text(in body: [UInt8], _ content: Message.Content, limit: Int) throws(Fault) -> [UInt8] {
        guard body.count <= limit else { throw .tooLarge }
        switch content {
        case .json, .ndjson, .rejects: return body
        case .jsonZstd, .ndjsonZstd: return try decompressed(body, limit: limit)
        case .manifest, .aborted: throw .damaged
        }
    }

    /// Returns the number of rows in a body that is not compressed, without a copy of it. Nil if it must be read as a whole, by
    /// ``lines(in:_:limit:)``: it is too large, damaged, or not as Sluice writes it.
    ///
    /// - Parameter body: The inside of a JSON string, readable for ``RowCounter/padding`` bytes more.
    static func count(inEscaped body: ByteView, _ content: Message.Content, limit: Int, _ kernel: Kernel) -> UInt64? {
        // A body has at most as many bytes as its escaped form.
        guard content == .json || content == .ndjson, body.count <= limit else { return nil }
        return RowCounter.rows(in: body, isArray: content == .json, isEscaped: true, kernel: kernel).map(UInt64.init)
    }

    private static func isUTF8(_ text: [UInt8]) -> Bool {
        text.withView { UTF8Text.firstIllFormed($0) == nil }
    }

    /// `{"a":"1"}␊{"a":"2"}` → two lines. The last line end may be missing.
    private static func lines(ofLines text: [UInt8]) -> [UInt8]? {
        let areRows = text.withView { text in
            var scanner = JSONScanner(text)
            repeat {
                guard scanner.skipRow() else { return false }
            } while scanner.take("\n") && !scanner.isAtEnd
            return scanner.isAtEnd
        }
        guard areRows else { return nil }
        return text.last == UInt8(ascii: "\n") ? text : text + [UInt8(ascii: "\n")]
    }

    /// `[{"a":"1"},{"a":"[,]"}]` → two lines. Line ends inside strings are escaped, so a row contains none.
    private static func lines(ofArray text: [UInt8]) -> [UInt8]? {
        text.withView { view in
            var scanner = JSONScanner(view)
            guard scanner.take("[") else { return nil }
            var lines: [UInt8] = []
            if !scanner.take("]") {
                lines.reserveCapacity(text.count)
                repeat {
                    let start = scanner.position
                    guard scanner.skipRow() else { return nil }
                    lines += text[start..<scanner.position]
                    lines.append(UInt8(ascii: "\n"))
                } while scanner.take(",")
                guard scanner.take("]") else { return nil }
            }
            return scanner.isAtEnd ? lines : nil
        }
    }

    /// Returns the text in the base64 of one zstd frame.
    private static func decompressed(_ body: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
        guard let frame = Base64.decoded(body), let decoder = try? ZstdDecoder() else { throw .damaged }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        return try frame.withUnsafeBufferPointer { (frame) throws(Fault) in
            var input = UnsafeRawBufferPointer(frame)
            while true {
                // Safe: the decoder reads and writes within these two buffers, during the call only.
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

extension JSONScanner {
    /// Skips a row: an object or, without a header, an array.
    fileprivate mutating func skipRow() -> Bool {
        (next == UInt8(ascii: "{") || next == UInt8(ascii: "[")) && skipValue(depth: RowPlan.mostLevels)
    }
}
