import SluiceCSV
import SluiceCases
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `Values of a type` {
    private func outcome(_ result: Result<[UInt8]?, RuleBreach>) -> ValueCase.Outcome {
        switch result {
        case .success(nil): return .null
        case .success(.some(let json)): return .json(String(decoding: json, as: UTF8.self))
        case .failure(let breach):
            guard case .value(let value) = breach.detail else { return .mismatch("no detail") }
            return breach.code == .constraint ? .broken(value.rule) : .mismatch(value.rule)
        }
    }

    private func isJSON(_ text: [UInt8]) -> Bool {
        text.withView { view in
            var scanner = JSONScanner(view)
            return scanner.skipValue(depth: 65) && scanner.isAtEnd
        }
    }

    @Test func `are what the tables say, here and in the reference`() {
        for one in ValueCase.all {
            let text = Array(one.text.utf8)
            let place = "\(one.rule.type.name): \(one.text.debugDescription)"
            let result = outcome(one.rule.written(text, isQuoted: one.isQuoted))
            #expect(result == one.outcome, "\(place)")
            let expected = outcome(ReferenceValue.json(of: text, isQuoted: one.isQuoted, rule: one.rule))
            #expect(expected == one.outcome, "reference, \(place)")
        }
    }

    @Test func `are strings with every character escaped that must be, wherever it stands`() {
        let specials =
            (0..<0x20).map { UInt8($0) }.map { [$0] }
            + ["\"", "\\", "\u{FFFE}", "\u{FFFF}", "\u{FFFD}", "\u{7F}"].map { Array($0.utf8) }
        for special in specials {
            for place in 0..<20 {
                let text =
                    Array(repeating: UInt8(ascii: "a"), count: place) + special + Array("bcdefghijklmnopqrst".utf8)
                #expect(
                    ColumnRule().written(text) == ReferenceValue.json(of: text, isQuoted: false, rule: ColumnRule())
                )
            }
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `are those of the reference on random rules and texts`(part: UInt64) {
        for seed in Seeds.part(part, of: 200) {
            var generator = ValueGenerator(seed: seed)
            let rule = generator.rule()
            for _ in 0..<20 {
                let (text, isQuoted) = (generator.text(for: rule), generator.isQuoted())
                let expected = ReferenceValue.json(of: text, isQuoted: isQuoted, rule: rule)
                let result = rule.written(text, isQuoted: isQuoted)
                let name = String(decoding: text, as: UTF8.self).debugDescription
                #expect(result == expected, "seed \(seed): \(name) as \(rule)")
                if case .success(.some(let json)) = result { #expect(isJSON(json), "\(name) as \(rule)") }
            }
        }
    }
}
