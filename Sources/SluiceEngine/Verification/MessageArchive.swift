import SluiceCSV
import SluicePlatform

/// Messages as written by `sluice messages`: the lines of a file or of standard input, or the files of a directory.
package struct MessageArchive {
    private enum Places {
        case files([String])
        case lines([Range<Int>], of: Text)
    }

    private enum Text {
        case mapped(MappedFile)
        case empty

        func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
            switch self {
            // Safe: the mapping lives as long as this value.
            case .mapped(let file): body(UnsafeBufferPointer(start: file.window.base, count: file.count))
            case .empty: body(UnsafeBufferPointer(start: nil, count: 0))
            }
        }

        var count: Int { if case .mapped(let file) = self { file.count } else { 0 } }
    }

    private let places: Places

    /// The most bytes of a message as JSON, where each byte of its body may take six.
    private let lineLimit: Int

    private static func lineLimit(_ bodyLimit: Int) -> Int {
        bodyLimit / 2 > .max / 16 ? .max : 6 * bodyLimit + (1 << 16)
    }

    /// Opens a directory, a file, or standard input as `-`. A body may have at most `bodyLimit` bytes.
    package init(_ path: String, bodyLimit: Int = MessageRows.usualLimit) throws(SluiceError) {
        lineLimit = Self.lineLimit(bodyLimit)
        if case .directory = System.entry(at: path) {
            guard let names = System.names(in: path) else {
                throw .input(SystemFault("open", path: path, code: System.lastError))
            }
            places = .files(names.filter { $0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" })
        } else {
            let text = try Self.text(of: path)
            places = .lines(text.withBytes(Self.lines), of: text)
        }
    }

    /// Opens a scratch file that holds one message per line.
    package init(_ file: ScratchFile, bodyLimit: Int = MessageRows.usualLimit) throws(SluiceError) {
        lineLimit = Self.lineLimit(bodyLimit)
        let text = try file.mapped().map(Text.mapped) ?? .empty
        places = .lines(text.withBytes(Self.lines), of: text)
    }

    package var count: Int {
        switch places {
        case .files(let paths): paths.count
        case .lines(let lines, _): lines.count
        }
    }

    /// Returns the message at a place, from 0 to ``count``, exclusive.
    package func message(at place: Int) throws(SluiceError) -> ReceivedMessage {
        let message: ReceivedMessage?
        switch places {
        case .files(let paths):
            let text = try Self.text(of: paths[place])
            if text.count > lineLimit { throw tooLarge(place) }
            message = text.withBytes { ReceivedMessage(json: $0) }
        case .lines(let lines, let text):
            if lines[place].count > lineLimit { throw tooLarge(place) }
            message = text.withBytes { ReceivedMessage(json: UnsafeBufferPointer(rebasing: $0[lines[place]])) }
        }
        guard let message else { throw .unusable("message \(place + 1) is none that sluice messages writes") }
        return message
    }

    private func tooLarge(_ place: Int) -> SluiceError {
        .overLimit(.messageBody, "message \(place + 1) is larger than any with a body as large as allowed")
    }

    private static func text(of path: String) throws(SluiceError) -> Text {
        switch try InputFile(path).content() {
        case .mapped(let file): return .mapped(file)
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
            return try file.mapped().map(Text.mapped) ?? .empty
        }
    }

    /// Returns the lines that are not empty.
    private static func lines(of text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var (lines, start) = ([Range<Int>](), 0)
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.count
            if end > start { lines.append(start..<end) }
            start = end + 1
        }
        return lines
    }
}
