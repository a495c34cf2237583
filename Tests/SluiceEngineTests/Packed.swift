import CZstd
import Sluice
import SluiceCSV
import SluiceJSON
import SluicePlatform
import SluiceTesting
import Testing

/// Packs an input into messages with every kernel of this machine and in every way to run the engine. With one kernel one half
/// of the ways makes escaped bodies, with the next the other half.
struct Packed: Equatable {
    var messages: [Message] = []
    var rejected: [CSVError] = []
    var checkpoints: [Checkpoint] = []
    var error: SluiceError?

    /// Returns the outcomes of all ways to run, each with its name.
    static func everywhere(
        _ input: [UInt8],
        _ dialect: Dialect,
        _ format: MessageFormat,
        _ shape: RowShape = RowShape(),
        rejects: RejectRules? = nil,
        from checkpoint: Checkpoint? = nil,
        pieces: [[Int]] = [[.max], [1]]
    ) throws -> [(name: String, outcome: Packed)] {
        var outcomes: [(name: String, outcome: Packed)] = []
        for (number, kernel) in Kernel.tried.enumerated() {
            var converter = CSVConverter(dialect: dialect, messageFormat: format, kernel: kernel)
            converter.bufferSize = 64
            converter.chunkSize = 64
            converter.shape = shape
            converter.rejects = rejects
            converter.needsEscapedBodies = number % 2 == 0
            for sizes in pieces {
                converter.needsEscapedBodies.toggle()
                let source = Pieces(input, sizes: sizes)
                outcomes.append(
                    (
                        "\(kernel.name), stream in pieces of \(sizes)",
                        pack(.stream(source), converter, from: checkpoint)
                    )
                )
            }
            for (threads, bufferSize) in [(1, 64), (3, 64), (3, 1 << 16)] where !input.isEmpty {
                converter.needsEscapedBodies.toggle()
                converter.threads = threads
                converter.bufferSize = bufferSize
                let file = try TemporaryFile(input)
                guard let mapped = MappedFile(descriptor: file.descriptor, count: input.count) else { continue }
                outcomes.append(
                    (
                        "\(kernel.name), file with \(threads) threads, buffers of \(bufferSize)",
                        pack(.mapped(mapped), converter, from: checkpoint)
                    )
                )
            }
        }
        return outcomes
    }

    static func pack(
        _ content: OpenedInput.Content,
        _ converter: CSVConverter,
        from checkpoint: Checkpoint? = nil
    ) -> Packed {
        var sink = CollectedMessages()
        var outcome = Packed()
        do throws(SluiceError) {
            let start = Checkpoint(start: converter.identity(SourceName("test.csv")))
            try converter.messages(content, from: checkpoint ?? start, to: &sink)
        } catch {
            outcome.error = error
        }
        outcome.messages = sink.messages
        for message in sink.messages {
            guard case .escaped(let json, _) = message.encodedBody else { continue }
            let expected = Kernel.best.escaped(message.body)
            if json != expected { Issue.record("\(String(decoding: json, as: UTF8.self)) is not the escaped body") }
        }
        outcome.rejected = sink.rejected
        outcome.checkpoints = sink.checkpoints
        return outcome
    }

    /// The messages with rows.
    var data: ArraySlice<Message> { messages.dropLast() }
}

/// A sink that collects messages, rejected rows and checkpoints.
struct CollectedMessages: MessageSink {
    var messages: [Message] = []
    var rejected: [CSVError] = []
    var checkpoints: [Checkpoint] = []
    var ends = 0

    mutating func send(_ message: Message) { messages.append(message) }
    mutating func reject(_ error: CSVError) { rejected.append(error) }
    mutating func reach(_ checkpoint: Checkpoint) { checkpoints.append(checkpoint) }
    mutating func finish() { ends += 1 }
}

extension Message {
    /// The size that SQS counts, computed from its documentation, independently of the packer.
    var sizeOnQueue: Int {
        attributes.reduce(body.count) { $0 + $1.name.utf8.count + "String".utf8.count + $1.value.utf8.count }
    }

    /// The body's text, decompressed by zstd itself if necessary; nil if it is damaged.
    var text: [UInt8]? {
        guard content == .jsonZstd || content == .ndjsonZstd else { return body }
        guard let frame = Base64Reader.decoded(body) else { return nil }
        let size = ZSTD_getFrameContentSize(frame, frame.count)
        guard size < 1 << 24 else { return nil }
        var text = [UInt8](repeating: 0, count: Int(size))
        return ZSTD_decompress(&text, text.count, frame, frame.count) == text.count ? text : nil
    }

    /// The rows of a body, each followed by a line feed.
    var lines: [UInt8]? {
        guard let text else { return nil }
        switch content {
        case .json, .jsonZstd:
            // Strings hold no raw line feed, so counting quotes finds each `},{` and `],[` outside strings.
            return ArrayReader.lines(text)
        default: return text
        }
    }
}

/// A straightforward base64 decoder.
enum Base64Reader {
    static func decoded(_ text: [UInt8]) -> [UInt8]? {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var values = [UInt8: Int](minimumCapacity: 64)
        for (value, digit) in digits.enumerated() { values[digit] = value }
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 4) {
            let group = text[start..<start + 4]
            let padding = group.reversed().prefix { $0 == UInt8(ascii: "=") }.count
            guard padding <= 2 else { return nil }
            var bits = 0
            for digit in group.dropLast(padding) {
                guard let value = values[digit] else { return nil }
                bits = bits << 6 | value
            }
            bits <<= 6 * padding
            bytes += [UInt8(bits >> 16), UInt8(bits >> 8 & 255), UInt8(bits & 255)].dropLast(padding)
        }
        return bytes
    }
}

/// A straightforward splitter for JSON arrays of flat rows.
enum ArrayReader {
    static func lines(_ text: [UInt8]) -> [UInt8]? {
        guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") else { return nil }
        var (lines, depth, isString, isEscaped) = ([UInt8](), 0, false, false)
        for byte in text.dropFirst().dropLast() {
            if isString {
                isString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else if byte == UInt8(ascii: "\"") {
                isString = true
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
            }
            lines.append(depth == 0 && !isString && byte == UInt8(ascii: ",") ? 0x0A : byte)
        }
        return lines + [0x0A]
    }
}
