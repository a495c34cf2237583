import SluiceCSV
import SluiceSystem

/// Messages as `sluice messages` wrote them: the lines of a file or of standard input, or the files of a directory.
package struct MessageArchive {
    private enum Places {
        case files([String])
        case lines([Range<Int>], of: Text)
    }

    private enum Text {
        case mapped(MappedFile)
        case inMemory([UInt8])

        func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
            switch self {
            // Valid as long as the file is mapped, which is as long as this value is there.
            case .mapped(let file): body(UnsafeBufferPointer(start: file.window.base, count: file.count))
            case .inMemory(let bytes): bytes.withUnsafeBufferPointer(body)
            }
        }
    }

    private let places: Places

    /// Opens a directory, a file, or standard input as `-`.
    package init(_ path: String) throws(SluiceError) {
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

    /// Opens the lines that were written into a file.
    package init(_ file: ScratchFile) throws(SluiceError) {
        let text = try file.mapped().map(Text.mapped) ?? .inMemory([])
        places = .lines(text.withBytes(Self.lines), of: text)
    }

    package var count: Int {
        switch places {
        case .files(let paths): paths.count
        case .lines(let lines, _): lines.count
        }
    }

    /// The message at a place from 0 to ``count``.
    package func message(at place: Int) throws(SluiceError) -> ReceivedMessage {
        let message: ReceivedMessage?
        switch places {
        case .files(let paths):
            message = try Self.text(of: paths[place]).withBytes { ReceivedMessage(json: $0) }
        case .lines(let lines, let text):
            message = text.withBytes { ReceivedMessage(json: UnsafeBufferPointer(rebasing: $0[lines[place]])) }
        }
        guard let message else { throw .unusable("message \(place + 1) is none that sluice messages writes") }
        return message
    }

    private static func text(of path: String) throws(SluiceError) -> Text {
        switch try InputFile(path).content() {
        case .mapped(let file): return .mapped(file)
        case .stream(var source):
            var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 18))
            while true {
                let count = try source.read(into: &piece)
                guard count > 0 else { break }
                bytes += piece[..<count]
            }
            if source.isDamaged { throw .unusable("it is compressed, and damaged or cut short") }
            return .inMemory(bytes)
        }
    }

    /// The lines that are not empty.
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
