// Imports only what a user of the library imports.
import Sluice
import Testing

@Suite struct `A user of the library` {
    @Test func `needs no other import to read records`() throws {
        let input = Array("a,b\n1,\"2\"\n".utf8)
        let reader = try CSVReader(input, dialect: .lenient)
        var values: [String] = []
        while let record = try reader.next() { values += record.strings }
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
