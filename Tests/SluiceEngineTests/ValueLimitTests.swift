import SluiceCSV
import SluiceJSON
import SluiceTesting
import Testing

/// Values of a million characters. Each takes time linear in its length; a quadratic step would take minutes.
@Suite struct `Large values` {
    private static let count = 1_000_000

    private func repeated(_ text: String, _ count: Int = Self.count) -> String { String(repeating: text, count: count) }

    private func rule(_ type: FieldType, _ constraints: [Constraint?] = []) -> ColumnRule {
        var rule = ColumnRule()
        (rule.type, rule.constraints) = (type, constraints.compactMap(\.self))
        return rule
    }

    private func bound(_ text: String, _ type: FieldType) -> Constraint.Bound? { .init(Array(text.utf8), of: type) }

    private func isKept(_ text: String, _ rule: ColumnRule, as json: String? = nil) -> Bool {
        rule.written(Array(text.utf8)) == .success(Array((json ?? text).utf8))
    }

    private func brokenRule(_ text: String, _ rule: ColumnRule) -> String? {
        guard case .failure(let breach) = rule.written(Array(text.utf8)), case .value(let value) = breach.detail else {
            return nil
        }
        return value.rule
    }

    @Test func `of numbers keep every digit and are compared exactly`() {
        let number = FieldType.number(.init())
        let nines = repeated("9")
        #expect(isKept("-\(nines).\(nines)e\(nines)", rule(number)))
        #expect(isKept(repeated("0") + "7", stripping(number), as: "7"))
        #expect(brokenRule(repeated("0") + "7", rule(number)) == "leadingZero")
        let most = rule(number, [bound("1e\(Self.count)", number).map { .exclusiveMaximum($0) }])
        #expect(isKept(nines, most))
        #expect(brokenRule("1" + repeated("0"), most) == "exclusiveMaximum")
        // 0.00…01e…: the exponent takes back the zeros.
        let least = rule(number, [bound("1", number).map { .minimum($0) }])
        #expect(isKept("0.\(repeated("0"))1e\(Self.count + 1)", least))
        #expect(brokenRule("0.\(repeated("0"))1e\(Self.count)", least) == "minimum")
        let huge = rule(number, [bound("1e\(nines)", number).map { .maximum($0) }])
        #expect(isKept("0.1e1\(repeated("0"))", huge))
        #expect(brokenRule("1e1\(repeated("0"))", huge) == "maximum")
        #expect(isKept("-1e1\(repeated("0"))", huge))
    }

    private func stripping(_ type: FieldType) -> ColumnRule {
        var stripping = rule(type)
        stripping.stripsLeadingZeros = true
        return stripping
    }

    @Test func `of integers lose their groups and what stands around them`() {
        var form = FieldType.NumberForm()
        form.groupCharacter = [UInt8(ascii: ",")]
        #expect(
            isKept(
                "1" + repeated(",234", Self.count / 4),
                rule(.integer(form)),
                as: "1" + repeated("234", Self.count / 4)
            )
        )
        form.isBare = false
        #expect(isKept(repeated("€") + "5" + repeated("%"), rule(.integer(form)), as: "5"))
        #expect(brokenRule(repeated("€"), rule(.integer(form))) == "")
        #expect(brokenRule("5" + repeated("%") + "-", rule(.integer(form))) == "sign")
    }

    @Test func `of texts, lists and JSON are checked and counted`() {
        #expect(
            isKept(
                repeated("é"),
                rule(.text, [.minLength(Self.count), .maxLength(Self.count)]),
                as: "\"\(repeated("é"))\""
            )
        )
        #expect(
            isKept(
                "[" + repeated("1, ") + "1]",
                rule(.array, [.minLength(Self.count + 1)]),
                as: "[" + repeated("1,") + "1]"
            )
        )
        #expect(brokenRule(repeated("["), rule(.array)) == "depth")
        #expect(brokenRule("[" + repeated("[],"), rule(.array)) == "json")
        #expect(isKept("{" + repeated("\"a\":1,") + "\"a\":1}", rule(.object)))
        #expect(isKept("[" + repeated(" ") + "]", rule(.array), as: "[]"))
        let list = FieldType.list(delimiter: [UInt8(ascii: ",")], item: .integer(.init()))
        #expect(isKept(repeated("1,") + "1", rule(list), as: "[" + repeated("1,") + "1]"))
        #expect(brokenRule(repeated(" ") + "x", rule(list)) == "")
    }

    @Test func `of times and durations are read in one pass`() {
        let zeros = repeated("0")
        #expect(
            isKept("2024-01-01T00:00:00.\(zeros)1Z", rule(.datetime(.iso)), as: "\"2024-01-01T00:00:00.\(zeros)1Z\"")
        )
        let hour = "2024-01-01T00:00:00"
        let first = rule(.datetime(.iso), [bound(hour, .datetime(.iso)).map { .maximum($0) }])
        #expect(isKept("\(hour).\(zeros)", first, as: "\"\(hour).\(zeros)\""))
        #expect(brokenRule("\(hour).\(zeros)1", first) == "maximum")
        let longest = rule(.duration, [bound("P\(repeated("9"))Y", .duration).map { .maximum($0) }])
        #expect(isKept("P\(repeated("9"))Y", longest, as: "\"P\(repeated("9"))Y\""))
        #expect(brokenRule("P\(repeated("9"))YT1S", longest) == "maximum")
        #expect(brokenRule("P\(repeated("9"))Y1M", longest) == "maximum")
        guard let pattern = TimePattern(Array("%d %m %Y".utf8)) else { return #expect(Bool(false)) }
        #expect(isKept("1" + repeated(" ") + "2 2024", rule(.date(.pattern(pattern))), as: "\"2024-02-01\""))
        #expect(brokenRule("1" + repeated(" ") + "x", rule(.date(.pattern(pattern)))) == "")
    }

    @Test func `that take a pattern too many steps break the constraint`() throws {
        let pattern = try TextPattern(Array("([ab]|a)*".utf8))
        #expect(brokenRule(repeated("a", 1000) + "c", rule(.text, [.pattern(pattern)])) == "patternLimit")
        #expect(brokenRule("c", rule(.text, [.pattern(pattern)])) == "pattern")
        #expect(isKept("ab", rule(.text, [.pattern(pattern)]), as: "\"ab\""))
    }
}
