import Sluice
import SluiceCSV
import SluiceTesting
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes to the input's file when the first rows or the first message arrive.
private struct DisturbingSink: MessageSink, ByteSink {
    typealias Failure = SluiceError

    let file: TemporaryFile
    var contents: [Message.Content] = []
    var isWritten = false

    /// Keeps the size, changes bytes, and sets a modification time so far from the earlier one that even a coarse clock
    /// shows it.
    private mutating func disturb() {
        if isWritten { return }
        isWritten = true
        _ = pwrite(file.descriptor, "9", 1, 4)
        var times = [timespec(tv_sec: 1, tv_nsec: 1), timespec(tv_sec: 1, tv_nsec: 1)]
        futimens(file.descriptor, &times)
    }

    mutating func send(_ message: Message) {
        contents.append(message.content)
        disturb()
    }
    mutating func write(_ bytes: UnsafeRawBufferPointer) { disturb() }
    mutating func reject(_ error: CSVError) {}
    mutating func finish() {}
}

@Suite struct `An input that is written to while it is read` {
    private static let good = Array("a,b\n".utf8) + (0..<2000).flatMap { Array("\($0),x\n".utf8) }
    private static let invalid = good + Array("1\n".utf8)

    private func inputs() throws -> [(bytes: [UInt8], encoding: Encoding)] {
        try [Self.good, Self.invalid].flatMap { bytes in
            [(bytes, .utf8), (try Compressing.gzip(bytes), .utf8), (try Compressing.zstd(bytes), .utf8)]
        }
    }

    @Test(arguments: [1, 3])
    func `is an error, and no last message is sent`(_ threads: Int) throws {
        for (bytes, encoding) in try inputs() {
            let format = MessageFormat(limit: 4096)
            var converter = CSVConverter(encoding: encoding, messageFormat: format, threads: threads)
            converter.bufferSize = 256
            converter.chunkSize = 512
            var rows = DisturbingSink(file: try TemporaryFile(bytes))
            #expect(throws: SluiceError.inputChanged) { try converter.convert(file: rows.file.path, to: &rows) }
            var messages = DisturbingSink(file: try TemporaryFile(bytes))
            #expect(throws: SluiceError.inputChanged) {
                try converter.messages(file: messages.file.path, to: &messages)
            }
            #expect(messages.contents.allSatisfy { $0 == .json } && !messages.contents.isEmpty)
        }
    }
}
