import Sluice
import SluiceCSV
import SluiceTesting
import Testing

/// A sink that fails at a message, at the end, or at both.
private struct FailingSink: MessageSink, ByteSink {
    typealias Failure = SluiceError

    static let atMessage = SluiceError.output(SystemFault("write", path: "queue", code: 1))
    static let atEnd = SluiceError.output(SystemFault("close", path: "queue", code: 2))

    var failsAtMessage = false
    var failsAtEnd = false
    var ends = 0

    mutating func send(_ message: Message) throws(SluiceError) { if failsAtMessage { throw Self.atMessage } }
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        if failsAtMessage { throw Self.atMessage }
    }
    mutating func reject(_ error: CSVError) {}
    mutating func finish() throws(SluiceError) {
        ends += 1
        if failsAtEnd { throw Self.atEnd }
    }
}

@Suite struct `An output` {
    private static let good = Array("a,b\n1,2\n3,4\n".utf8)
    private static let invalid = Array("a,b\n1,2\n3\n".utf8)

    @Test(arguments: [good, invalid], [1, 3])
    func `is finished once, after the last message`(_ input: [UInt8], _ threads: Int) throws {
        let file = try TemporaryFile(input)
        var sink = CollectedMessages()
        _ = try? CSVConverter(threads: threads).messages(file: file.path, to: &sink)
        #expect(sink.ends == 1)
        #expect(sink.messages.last?.records == nil)
        var stream = CollectedMessages()
        let content = OpenedInput.Content.stream(Pieces(input, sizes: [3]))
        let start = Checkpoint(start: CSVConverter().identity(SourceName("x")))
        _ = try? CSVConverter().messages(content, from: start, to: &stream)
        #expect(stream.ends == 1)
        var rows = Collected()
        _ = try? CSVConverter(threads: threads).convert(file: file.path, to: &rows)
        #expect(rows.ends == 1)
    }

    @Test func `is finished if the input cannot be opened`() {
        var sink = CollectedMessages()
        #expect(throws: SluiceError.self) { try CSVConverter().messages(file: "/no/such/file", to: &sink) }
        #expect(sink.ends == 1)
        var rows = Collected()
        #expect(throws: SluiceError.self) { try CSVConverter().convert(file: "/no/such/file", to: &rows) }
        #expect(rows.ends == 1)
    }

    @Test func `of several inputs is finished after the last one, or after an invalid one`() throws {
        let (good, invalid) = (try TemporaryFile(Self.good), try TemporaryFile(Self.invalid))
        var converter = CSVConverter()
        converter.part.isLast = false
        var rows = Collected()
        try converter.convert(file: good.path, to: &rows)
        #expect(rows.ends == 0)
        #expect(throws: SluiceError.self) { try converter.convert(file: invalid.path, to: &rows) }
        #expect(rows.ends == 1)
    }

    @Test func `that fails to finish reports it, together with an earlier error`() throws {
        let file = try TemporaryFile(Self.good)
        for (failsAtMessage, expected) in [
            (false, FailingSink.atEnd), (true, .undelivered(cause: FailingSink.atMessage, loss: FailingSink.atEnd)),
        ] {
            var sink = FailingSink(failsAtMessage: failsAtMessage, failsAtEnd: true)
            #expect(throws: expected) { try CSVConverter().messages(file: file.path, to: &sink) }
            #expect(throws: expected) { try CSVConverter().convert(file: file.path, to: &sink) }
            #expect(sink.ends == 2)
        }
    }
}
