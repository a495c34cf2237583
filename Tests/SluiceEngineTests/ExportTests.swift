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

    @Test func `needs no other import to use a schema`() throws {
        let resource = #"{"encoding":"latin1","dialect":{"delimiter":";"},"schema":{"fields":[{"name":"a"}]}}"#
        var converter = CSVConverter()
        converter.apply(try Schema(json: Array(resource.utf8)))
        #expect(converter.dialect.delimiter == UInt8(ascii: ";"))
        #expect(converter.encoding == .windows1252)
        let error = #expect(throws: SchemaError.self) { try Schema(json: Array(#"{"fields":[{}]}"#.utf8)) }
        #expect(error?.description == "/fields/0: it has no name")
    }
}
