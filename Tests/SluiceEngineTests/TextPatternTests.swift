import SluiceCSV
import SluiceJSON
import Testing

@Suite struct `Text patterns` {
    private func outcome(_ pattern: String, _ value: String) throws -> TextPattern.Outcome {
        let pattern = try TextPattern(Array(pattern.utf8))
        return Array(value.utf8).withView { pattern.outcome(of: $0) }
    }

    private func reason(_ pattern: String) -> String? {
        do throws(TextPattern.Refusal) {
            _ = try TextPattern(Array(pattern.utf8))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(arguments: [
        ("abc", "abc"), ("", ""), ("^a.*$", "apple"), ("a|bc", "bc"), ("^a|b$", "b"), ("(a|b){2,3}", "aba"),
        ("a{2}", "aa"),
        ("a{2,}", "aaaa"), ("a{0,1}", ""), ("(|x)y", "y"), ("[a-c]+", "abcabc"), ("[^a-c]+", "xyz\n"), ("[-a]+", "-a"),
        ("[a-]+", "-a"), (#"[\w-]+"#, "a-b"), (#"[a\-z]+"#, "a-z"), (#"[+\-*/]"#, "/"), (#"\d+"#, "12٣"), (#"\D"#, "x"),
        (#"\s\S"#, "\tx"), (#"\w+"#, "aé9+"), (#"\W"#, "_"), (#"[\s\d]+"#, "1 2"), (#"[\S]+"#, "x😀"), (#"[^\S]"#, " "),
        (#"[^\w]"#, "."), (#"\p{Lu}\P{Lu}"#, "Äb"), (#"[\p{L}]+"#, "ßa"),
        (#"\.\\\[\]\(\)\{\}\^\$\|\?\*\+\-\/\@"#, #".\[](){}^$|?*+-/@"#),
        (#"\n\r\t"#, "\n\r\t"), (".", "😀"), ("a^b", "a^b"), ("US$[0-9]+", "US$5"), ("[$]", "$"), ("[.^]+", ".^"),
        ("é", "é"),
        (" #", " #"), ("^", ""), ("$", ""), ("^$", ""), (#"a\$$"#, "a$"), (#"a\\$"#, #"a\"#),
    ])
    func `match whole values`(_ pattern: String, _ value: String) throws {
        #expect(try outcome(pattern, value) == .match)
    }

    @Test(arguments: [
        ("abc", "abcd"), ("abc", "xabc"), ("abc", "ABC"), ("", "a"), ("^a|b$", "ab"), ("a{2}", "aaa"), (".", "\n"),
        (".", "\r"),
        (".", ""), ("a$", "a\n"), (#"\w"#, "_"), (#"\s"#, "\u{A0}"), (#"\s"#, "\u{B}"), ("[^a]", ""), ("[a-c]", "-"),
        (#"\S"#, "\t"), (#"\p{L}"#, "1"), ("a b", "ab"), ("é", "e\u{301}"),
    ])
    func `do not match other values`(_ pattern: String, _ value: String) throws {
        #expect(try outcome(pattern, value) == .mismatch)
    }

    @Test(arguments: [
        (#"\i\c*"#, "XML names"), ("[a-z-[aeiou]]", "subtraction"), (#"\p{IsGreek}"#, "blocks"),
        (#"[\p{IsGreek}]"#, "blocks"),
        ("(?=a)", "look-around"), ("(?!a)", "look-around"), ("(?<=a)", "look-around"), ("(?<!a)", "look-around"),
        (#"(a)\1"#, "back-references"), ("(?:a)", "(?:"), ("(?>a)", "atomic"), ("(?<n>a)", "named"),
        ("(?P<n>a)", "named"),
        ("(?'n'a)", "named"), ("(?i)a", "options"), ("(?i:a)", "options"), ("(?R)", "recursion"), ("(?1)", "recursion"),
        ("(?&n)", "recursion"), ("(?C1)", "callouts"), ("(?#a)", "comments"), ("(*ACCEPT)", "verbs"),
        ("(*UTF)a", "verbs"),
        ("a*+", "possessive"), ("a++", "possessive"), ("a?+", "possessive"), ("a{2}+", "possessive"), ("a*?", "lazy"),
        ("a{2}?", "lazy"), ("a**", "repeat"), ("*a", "repeat"), ("(+a)", "repeat"), ("a|?", "repeat"),
        ("{2}", "repeat"),
        ("^*", "repeat"), ("[[:alpha:]]", "[:alpha:]"), ("[[=a=]]", "[:alpha:]"), ("[[a]", "\\["), ("[]", "empty"),
        ("[]a]", "empty"), ("[^]", "empty"), ("[a", "not closed"), ("[a-", "not closed"), ("[z-a]", "range"),
        (#"[a-\d]"#, "range"), ("[--a]", "range"), ("a]", "\\]"), ("a}", "\\}"), ("a{", "quantifier"),
        ("a{,2}", "quantifier"),
        ("a{x}", "quantifier"), ("a{2", "quantifier"), ("a{2,1}", "empty range"), ("a{1,2,3}", "quantifier"),
        ("a{99999}", "65535"),
        ("a{99999999999999999999}", "65535"), ("(a", "not closed"), ("a)", "no group"), ("a\\", "backslash"),
        (#"\b"#, "\\b"),
        (#"\A"#, "\\A"), (#"\Qa\E"#, "\\Q"), (#"\x41"#, "\\x"), (#"\K"#, "\\K"), (#"\R"#, "\\R"), (#"\é"#, "backslash"),
        (#"\p{Xx}"#, "category"), (#"\p{L"#, "category"), (#"\pL"#, "category"), (#"\p{^L}"#, "category"),
        (#"\p{L&}"#, "category"),
        (#"\p{Cs}"#, "category"), ("a$|^b", "anchor"), ("(^a)", "anchor"), ("^a|^b", "anchor"), ("(a$)", "anchor"),
        ("((((((((((a{500}){500}){500}))))))))", "too large"),
    ])
    func `are refused with a reason`(_ pattern: String, _ part: String) throws {
        let refusal = try #require(reason(pattern))
        #expect(refusal.contains(part))
    }

    @Test func `are refused if they are nested too deep or not UTF-8`() {
        let (open, close) = (String(repeating: "(", count: 300), String(repeating: ")", count: 300))
        #expect(reason("\(open)a\(close)")?.contains("nested") == true)
        #expect(throws: TextPattern.Refusal.self) { try TextPattern([0x61, 0xFF]) }
    }

    @Test(arguments: ["(a*)*[bc]", "(a|a)*[bc]", "(a|aa)+[bc]", "(a+)+[bc]", "([a-z]+)*[0-9]"])
    func `stop after a fixed number of steps`(_ pattern: String) throws {
        #expect(try outcome(pattern, String(repeating: "a", count: 1000)) == .limit)
    }

    @Test func `take long values`() throws {
        let value = String(repeating: "a", count: 1 << 20)
        #expect(try outcome("[a-z]*", value) == .match)
        #expect(try outcome("(a|b)*", String(value.prefix(40_000))) == .match)
        #expect(try outcome("(a|b)*", value) == .limit)
    }

    @Test func `do not match values that are not UTF-8`() throws {
        let pattern = try TextPattern(Array(".*".utf8))
        #expect([0x61, 0xFF].withView { pattern.outcome(of: $0) } == .mismatch)
    }

    @Test func `give the same outcomes in several threads`() async throws {
        let pattern = try TextPattern(Array("(a|aa)+b|c{3}".utf8))
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    (0..<200).allSatisfy { round in
                        let isMatch = (number + round) % 2 == 0
                        let value = Array((isMatch ? "ccc" : "cccc").utf8)
                        return value.withView { pattern.outcome(of: $0) } == (isMatch ? .match : .mismatch)
                    }
                }
            }
            for await isSame in group { #expect(isSame) }
        }
    }

    @Test func `are equal if their sources are`() throws {
        #expect(try TextPattern(Array("a".utf8)) == TextPattern(Array("a".utf8)))
        #expect(try TextPattern(Array("a".utf8)) != TextPattern(Array("b".utf8)))
    }
}
