import SluiceCSV
import SluicePlatform

/// Messages as written by `sluice messages`: the lines of a file or of standard input, or the files of a directory.
package struct MessageArchive {
    private enum Places {
        case files([String])
        case lines([Range<Int>], of: Text)
    }

    private struct Text {
        /// Nil if there are no bytes.
        let file: MappedFile?

        var count: Int { file?.count ?? 0 }

        func bytes(_ range: Range<Int>) -> [UInt8] { file?.bytes[range].array ?? [] }

        /// Returns the ranges of the lines that are not empty.
        var lines: [Range<Int>] {
            guard let file else { return [] }
            var (lines, start) = ([Range<Int>](), 0)
            while start < file.count {
                let rest = file.bytes.from(start)
                let end = start + (rest.buffer.firstIndex(of: 0x0A) ?? rest.count)
                if end > start { lines.append(start..<end) }
                start = end + 1
            }
            return lines
        }
    }

    private let places: Places

    /// The most bytes of a message as JSON, where each byte of its body may take six.
    private let lineLimit: Int

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
            places = .files(names.filter { $0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" })
        } else {
            let text = try Self.text(of: path)
            places = .lines(text.lines, of: text)
        }
    }

    /// Opens a scratch file that holds one message per line.
    package init(_ file: ScratchFile, maxBody: Int) throws(SluiceError) {
        lineLimit = Self.lineLimit(maxBody)
        let text = Text(file: try file.mapped())
        places = .lines(text.lines, of: text)
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
            message = ReceivedMessage(json: text.bytes(0..<text.count))
        case .lines(let lines, let text):
            if lines[place].count > lineLimit { throw tooLarge(place) }
            message = ReceivedMessage(json: text.bytes(lines[place]))
        }
        guard let message else { throw .unusable("message \(place + 1) is not one that sluice messages writes") }
        return message
    }

    private func tooLarge(_ place: Int) -> SluiceError {
        .overLimit(.messageBody, "message \(place + 1) is too large for a body of the allowed size")
    }

    private static func text(of path: String) throws(SluiceError) -> Text {
        switch try OpenedInput(path).content(of: CSVConverter()) {
        case .mapped(let file): return Text(file: file)
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
            return Text(file: try file.mapped())
        }
    }
}
