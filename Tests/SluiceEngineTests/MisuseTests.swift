import Sluice
import SluiceCSV
import Testing

@Suite struct `Invalid options` {
    private static let conversions: [CSVConverter] =
        [
            CSVConverter(dialect: Dialect(delimiter: 0x0A)), CSVConverter(dialect: Dialect(delimiter: 0x22)),
            CSVConverter(dialect: Dialect(quote: 0x80)), CSVConverter(dialect: Dialect(header: .names([]))),
            CSVConverter(threads: -5), CSVConverter(threads: 0),
        ]
        + [
            MessageFormat(limit: .max / 2), MessageFormat(limit: -1), MessageFormat(limit: 100),
            MessageFormat(compression: 99), MessageFormat(compression: 0),
        ].map { CSVConverter(messageFormat: $0) }

    private func isMisuse(_ error: (any Error)?) -> Bool {
        if case .misuse = error as? SluiceError { true } else { false }
    }

    @Test(arguments: conversions.indices)
    func `are refused by every way to convert, before anything is read or written`(_ index: Int) async throws {
        let converter = Self.conversions[index]
        var rows = Collected()
        #expect(isMisuse(#expect(throws: SluiceError.self) { try converter.convert(file: "/no/such/file", to: &rows) }))
        var messages = CollectedMessages()
        #expect(
            isMisuse(#expect(throws: SluiceError.self) { try converter.messages(file: "/no/such/file", to: &messages) })
        )
        #expect(rows.bytes.isEmpty && messages.messages.isEmpty)
        let chunks = AsyncStream<[UInt8]> { stream in
            stream.yield(Array("a\n1\n".utf8))
            stream.finish()
        }
        var sequence = converter.messages(from: chunks, source: "x").makeAsyncIterator()
        let error = await #expect(throws: SluiceError.self) { try await sequence.next() }
        #expect(isMisuse(error))
        #expect(try await sequence.next() == nil)
    }

    @Test func `can be detected without an input`() {
        for converter in Self.conversions { #expect(converter.fault != nil) }
        #expect(CSVConverter().fault == nil)
        for limit in [MessageFormat.limits.lowerBound, MessageFormat.limits.upperBound] {
            #expect(MessageFormat(limit: limit, compression: 22).fault == nil)
        }
    }
}
