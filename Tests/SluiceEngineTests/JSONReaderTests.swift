import SluiceJSON
import Testing

@Suite struct `JSON reader` {
    private func value(_ text: String) -> JSONValue? {
        try? JSONReader.value(of: Array(text.utf8))
    }

    @Test(arguments: [
        (#"{"a":[1,-2.5e+3,true,false,null],"b":{}}"#, 2), (#" { "a" : "x" } "#, 1), ("{}", 0),
    ])
    func `reads objects`(_ text: String, _ count: Int) { #expect(value(text)?.members?.count == count) }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u20AC\ud83d\ude00é€😀""#, "é€😀é€😀"), (#""""#, ""),
    ])
    func `reads strings`(_ text: String, _ expected: String) { #expect(value(text)?.text == expected) }

    @Test(arguments: [
        "", "{", "[1,]", "[1 2]", #"{"a"}"#, #"{"a":1,}"#, "01", "1.", "+1", "-", "1e", "1.e5", "-.5", "-01", "1e+",
        "1.2.3", "1e5.0", "--1", "0x1", "٣", "nul", "\"a", "\"\n\"",
        #""\x""#,
        #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, #""\u12g4""#, "1 1", String(repeating: "[", count: 100),
    ])
    func `rejects invalid JSON`(_ text: String) { #expect(value(text) == nil) }

    @Test(arguments: ["0", "-0", "10", "0.50", "-0e0", "1E+10", "12.5e-03"])
    func `reads every form of number`(_ text: String) { #expect(value(text) == .number(text)) }

    @Test func `keeps numbers as written`() {
        #expect(value("18446744073709551615")?.integer == .max)
        #expect(value("1.0") == .number("1.0"))
    }
}
