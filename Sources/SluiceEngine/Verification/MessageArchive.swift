import SluiceCSV
import SluicePlatform

/// Messages as written by `sluice messages`: the lines of a file or of standard input, or the files of a directory; or received
/// messages in memory.
package struct MessageArchive: Sendable {
    /// Where a message is.
    package struct Place: Sendable, Hashable {
        /// The number of the message among all of them, from 0.
        package var number: Int
        /// The offset of its line, or the number of its file or of the message.
        var offset: Int
        /// The size of its line.
        var size: Int
    }

    private enum Content: Sendable {
        case files([String])
        /// Nil if there are no bytes.
        case lines(MappedFile?)
        case messages([ReceivedMessage])
    }

    private let content: Content
    /// How much of ``size`` a thread reads at a time.
    package var pieceSize: Int

    /// The most bytes of a message as JSON, where each byte of its body may take six.
    private let lineLimit: Int

    private static let usualPieceSize = 1 << 21

    private static func lineLimit(_ maxBody: Int) -> Int {
        maxBody / 2 > .max / 16 ? .max : 6 * maxBody + (1 << 16)
    }

    /// Opens a directory, a file, or standard input as `-`. A body may have at most `maxBody` bytes.
    package init(_ path: String, maxBody: Int) throws(SluiceError) {
        lineLimit = Self.lineLimit(maxBody)
        if case .directory = System.entry(at: path) {
            guard let names = System.names(in: path) else {
                throw .input(SystemFault("open", path: path, code: System.lastError))
            }
            content = .files(names.filter { $0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" })
            pieceSize = 8
        } else {
            content = .lines(try Self.file(at: path))
            pieceSize = Self.usualPieceSize
        }
    }

    /// Opens a scratch file that holds one message per line.
    package init(_ file: ScratchFile, maxBody: Int) throws(SluiceError) {
        lineLimit = Self.lineLimit(maxBody)
        content = .lines(try file.mapped())
        pieceSize = Self.usualPieceSize
    }

    /// Holds messages in memory, to be looked up only.
    init(_ messages: [ReceivedMessage]) {
        lineLimit = .max
        content = .messages(messages)
        pieceSize = Self.usualPieceSize
    }

    /// Offsets of messages are below this.
    var size: Int {
        switch content {
        case .files(let paths): paths.count
        case .lines(let file): file?.count ?? 0
        case .messages(let messages): messages.count
        }
    }

    /// Calls `body` with the messages that start in a piece, in order, each with its offset. A line is valid during the call
    /// and readable for a page more; it is nil if it is too long.
    func forEach(
        in piece: Range<Int>,
        _ body: (_ offset: Int, _ line: ByteView?) throws(SluiceError) -> Void
    ) throws(SluiceError) {
        switch content {
        case .files(let paths):
            for place in piece {
                let file = try Self.file(at: paths[place])
                var text = file?.bytes ?? ByteView(UnsafeBufferPointer(start: nil, count: 0))
                if text.count > 0, text[text.count - 1] == 0x0A { text = text[0..<text.count - 1] }
                // Safe: the line is used only as long as the file is mapped.
                try withExtendedLifetime(file) { () throws(SluiceError) in
                    try body(place, text.count <= lineLimit ? text : nil)
                }
            }
        case .lines(nil), .messages: break
        case .lines(let file?):
            var start = piece.lowerBound
            defer { release(piece.lowerBound..<max(start, piece.upperBound)) }
            if start > 0, file.bytes[start - 1] != 0x0A {
                // The line that the piece starts with began before it.
                let rest = System.offset(of: 0x0A, in: file.bytes[piece].buffer)
                start = rest.map { start + $0 + 1 } ?? piece.upperBound
            }
            while start < piece.upperBound {
                let line = line(at: start, in: file)
                if line?.count != 0 { try body(start, line) }
                start = line.map { start + $0.count + 1 } ?? file.count
            }
        }
    }

    /// Returns the line at an offset, or nil if it is too long.
    private func line(at start: Int, in file: MappedFile) -> ByteView? {
        let rest = file.bytes.from(start)
        let part = rest.count - 1 > lineLimit ? rest[0..<lineLimit + 1] : rest
        let count = System.offset(of: 0x0A, in: part.buffer) ?? part.count
        return count <= lineLimit ? part[0..<count] : nil
    }

    /// Returns the message at a place.
    func message(at place: Place) throws(SluiceError) -> ReceivedMessage {
        if case .messages(let messages) = content { return messages[place.offset] }
        return try withLine(at: place) { (line) throws(SluiceError) in
            guard let message = ReceivedMessage(json: line.array) else { throw Self.unreadable(place.number) }
            return message
        }
    }

    /// Returns whether the message at a place has the same attributes and the same escaped body.
    func hasSame(_ message: Message, at place: Place) throws(SluiceError) -> Bool {
        guard case .escaped(let json, _) = message.encodedBody else { return false }
        return try withLine(at: place) { (line) in
            guard let line = MessageLine(line), json.withView({ System.areEqual($0.buffer, line.body.buffer) })
            else { return false }
            return message.attributes.allSatisfy { line.attributes[$0.name] == $0.value }
        }
    }

    /// Calls `body` with the line at a place, which is valid during the call.
    private func withLine<Result>(
        at place: Place,
        _ body: (ByteView) throws(SluiceError) -> Result
    ) throws(SluiceError) -> Result {
        switch content {
        case .files:
            var result: Result?
            try forEach(in: place.offset..<place.offset + 1) { (_, line) throws(SluiceError) in
                guard let line else { throw Self.tooLarge(place.number) }
                result = try body(line)
            }
            guard let result else { throw Self.unreadable(place.number) }
            return result
        case .lines(let file):
            guard let file else { throw Self.unreadable(place.number) }
            return try body(file.bytes[place.offset..<place.offset + place.size])
        case .messages: throw Self.unreadable(place.number)
        }
    }

    /// Returns pages to the system once the messages in that range of offsets were read. Around a page that is read the system
    /// may map others, up to ``pagesAround`` bytes, and these are returned too.
    func release(_ range: Range<Int>) {
        guard case .lines(let file?) = content else { return }
        let start = max(0, range.lowerBound - Self.pagesAround)
        file.release(start..<min(file.count, range.upperBound + Self.pagesAround))
    }

    private static let pagesAround = 1 << 16

    static func unreadable(_ number: Int) -> SluiceError {
        .unusable("message \(number + 1) is not one that sluice messages writes")
    }

    static func tooLarge(_ number: Int) -> SluiceError {
        .overLimit(.messageBody, "message \(number + 1) is too large for a body of the allowed size")
    }

    /// Maps the file at a path, or what a stream holds. Returns nil if there are no bytes.
    private static func file(at path: String) throws(SluiceError) -> MappedFile? {
        switch try OpenedInput(path).content(of: CSVConverter()) {
        case .mapped(let file): return file
        case .stream(var source):
            // A stream may be larger than the memory.
            let file = try ScratchFile()
            var piece = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = try source.read(into: &piece)
                guard count > 0 else { break }
                try piece.withUnsafeBufferPointer { (bytes) throws(SluiceError) in
                    try file.write(UnsafeRawBufferPointer(start: bytes.baseAddress, count: count))
                }
            }
            if source.isDamaged { throw .unusable("it is compressed, and damaged or cut short") }
            return try file.mapped()
        }
    }
}
