// Imports only what a user of the library imports.
import Sluice
import Testing

@Suite struct `A user of the library` {
    @Test func `needs no other import to read records`() throws {
        let input = Array("a,b\n1,\"2\"\n".utf8)
        var cursor = try RecordCursor(input.span.bytes, dialect: .lenient)
        var values: [String] = []
        while let record = try cursor.next() { values += (0..<record.count).map { record[$0].string } }
        #expect(values == ["1", "2"])
        #expect(SluicePackage.version.split(separator: ".").count == 3)
    }
}
