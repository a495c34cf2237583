import Sluice
import SluiceCSV
import SluicePlatform
import Testing

@Suite struct `The source of an input` {
    @Test func `pins an object by its version, and otherwise by its ETag without quotation marks`() {
        func object(_ key: String, _ version: String?) -> String {
            SourceName.object(bucket: "inbox", key: key, version: version, entityTag: "\"9b-2\"").whole
        }
        #expect(object("a/b.csv", "3HL4+=") == "s3://inbox/a/b.csv?versionId=3HL4%2B%3D")
        #expect(object("a b?é+.csv", nil) == "s3://inbox/a%20b%3F%C3%A9%2B.csv?etag=9b-2")
        #expect(object("a.csv", "null") == "s3://inbox/a.csv?etag=9b-2")
    }

    @Test func `pins a regular file by its size and the nanosecond in which it was last written to`() throws {
        let file = try TemporaryFile(Array("a\n1\n".utf8))
        let state = try #require(System.fileState(at: file.path))
        let name = try #require(file.path.split(separator: "/").last)
        #expect(try OpenedInput(file.path).source.whole == "\(name)?size=4&modified=\(state.modified)")
        var example = state
        (example.seconds, example.nanoseconds) = (1_795_694_400, 123_456_789)
        #expect(example.modified == "2026-11-26T12:00:00.123456789Z")
        #expect(
            SourceName.file("a b%é~.csv".utf8, example).whole
                == "a%20b%25%C3%A9~.csv?size=4&modified=2026-11-26T12:00:00.123456789Z"
        )
        (example.seconds, example.nanoseconds) = (-5, 7)
        #expect(example.modified == "-5.000000007")
        #expect(SourceName.file([0x61, 0xFF], example).whole == "a%FF?size=4&modified=-5.000000007")
    }

    @Test func `differs in each run if nothing pins it`() throws {
        for (path, name) in [("-", "standard%20input"), ("/dev/null", "null"), ("/proc/version", "version")] {
            let source = try OpenedInput(path).source.whole
            #expect(source.hasPrefix("\(name)?run=") && source.utf8.count == name.utf8.count + 21)
            #expect(try OpenedInput(path).source.whole != source)
        }
    }

    @Test func `is abbreviated in messages beyond 480 bytes`() {
        let whole = "s3://inbox/" + String(repeating: "x", count: 469)
        #expect(SourceName(whole).attribute == whole)
        let long = SourceName(whole + "y")
        #expect(long.whole == whole + "y" && long.attribute.hasPrefix(whole.prefix(400) + "~"))
        #expect(long.attribute.utf8.count == 465 && long.attribute != SourceName(whole + "z").attribute)
    }

    @Test func `may be given only in printable ASCII`() {
        for name in ["a", "partner/orders 7~", String(repeating: "x", count: 480)] {
            #expect(SourceName(given: name)?.attribute == name)
        }
        for name in ["", "é", "a\n", "\u{7F}", String(repeating: "x", count: 481)] {
            #expect(SourceName(given: name) == nil)
        }
    }

    @Test(arguments: ["", "é", String(repeating: "x", count: 481)])
    func `is refused by the library if no message can hold it`(_ name: String) async throws {
        let chunks = AsyncStream<[UInt8]> { $0.finish() }
        var messages = CSVConverter().messages(from: chunks, source: name).makeAsyncIterator()
        await #expect(throws: SluiceError.self) { try await messages.next() }
        var sink = CollectedMessages()
        #expect(throws: SluiceError.self) { try CSVConverter().messages(file: "/dev/null", source: name, to: &sink) }
        #expect(sink.messages.isEmpty)
    }

    @Test func `of an object yields the argument that names it to the command`() {
        func object(_ key: String, _ version: String?) -> String? {
            SourceName.object(bucket: "inbox", key: key, version: version, entityTag: "e").object
        }
        #expect(object("a b+%é?x.csv", "v/1=") == "s3://inbox/a b+%é?x.csv?versionId=v/1=")
        #expect(object("a.csv", nil) == "s3://inbox/a.csv")
        for other in ["orders.csv?size=4&modified=x", "s3://inbox/a", "s3://a?b?etag=e", "s3://a/%zz?etag=e", ""] {
            #expect(SourceName(other).object == nil)
        }
    }
}

@Suite struct `A configuration` {
    @Test func `holds the names of a header, abbreviated if they are many`() {
        func header(_ names: [String]) -> Substring? {
            var dialect = Dialect.rfc4180
            dialect.header = .names(names)
            let text = CSVConverter(dialect: dialect).identity(SourceName("a")).configuration
            return text.split(separator: ";").first { $0.hasPrefix("header=") }
        }
        #expect(header(["id", "é,"]) == "header=6964,c3a92c")
        let many = (0..<200).map { "column \($0)" }
        #expect(header(many)?.hasPrefix("header=~") == true && header(many)?.utf8.count == 72)
        #expect(header(many) != header(Array(many.dropLast())))
    }

    @Test func `holds the compression library's version only if it compresses`() {
        func configuration(_ level: Int?) -> String {
            CSVConverter(messageFormat: MessageFormat(compression: level)).identity(SourceName("a")).configuration
        }
        #expect(!configuration(nil).contains("zstd"))
        #expect(configuration(7).contains(";text=json;zstd=7;libzstd=1."))
    }
}
