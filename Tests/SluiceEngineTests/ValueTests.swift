import SluiceCSV
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `Values of a type` {
    private func written(_ text: [UInt8], isQuoted: Bool = false, _ rule: ColumnRule) -> Result<[UInt8]?, RuleBreach> {
        text.withView { view in
            var json: [UInt8] = []
            do throws(RuleBreach) {
                let field = FieldText(value: view, comparedValue: view, isQuoted: isQuoted)
                let isPresent = try rule.write(field, to: &json)
                return .success(isPresent ? json : nil)
            } catch {
                return .failure(error)
            }
        }
    }

    private func outcome(_ result: Result<[UInt8]?, RuleBreach>) -> ValueCase.Outcome {
        switch result {
        case .success(nil): return .null
        case .success(.some(let json)): return .json(String(decoding: json, as: UTF8.self))
        case .failure(let breach):
            guard case .value(let value) = breach.detail else { return .mismatch("no detail") }
            return breach.code == .constraint ? .broken(value.rule) : .mismatch(value.rule)
        }
    }

    @Test func `are what the tables say, here and in the reference`() {
        for one in ValueCase.all {
            let text = Array(one.text.utf8)
            let place = "\(one.rule.type.name): \(one.text.debugDescription)"
            let result = outcome(written(text, isQuoted: one.isQuoted, one.rule))
            #expect(result == one.outcome, "\(place)")
            let expected = outcome(ReferenceValue.json(of: text, isQuoted: one.isQuoted, rule: one.rule))
            #expect(expected == one.outcome, "reference, \(place)")
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `are those of the reference on random rules and texts`(part: UInt64) {
        for seed in Seeds.part(part, of: 400) {
            var generator = ValueGenerator(seed: seed)
            let rule = generator.rule()
            for _ in 0..<20 {
                let (text, isQuoted) = (generator.text(for: rule), generator.isQuoted())
                let expected = ReferenceValue.json(of: text, isQuoted: isQuoted, rule: rule)
                let result = written(text, isQuoted: isQuoted, rule)
                let name = String(decoding: text, as: UTF8.self).debugDescription
                #expect(result == expected, "seed \(seed): \(name) as \(rule)")
                if case .success(.some(let json)) = result {
                    #expect(
                        json.withView {
                            var scanner = JSONScanner($0); return scanner.skipValue(depth: 66) && scanner.isAtEnd
                        }
                    )
                }
            }
        }
    }
}
