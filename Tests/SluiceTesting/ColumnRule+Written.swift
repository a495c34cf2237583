import SluiceCSV
import SluiceJSON

extension ColumnRule {
    /// Returns the JSON that the engine writes for a field's text; nil if it is a missing value.
    ///
    /// If it is refused and something was written all the same, the failure is another one.
    package func written(
        _ text: [UInt8],
        comparedText: [UInt8]? = nil,
        isQuoted: Bool = false
    ) -> Result<[UInt8]?, RuleBreach> {
        text.withView { view in
            (comparedText ?? text).withView { compared in
                var json: [UInt8] = []
                do throws(RuleBreach) {
                    let field = FieldText(value: view, comparedValue: compared, isQuoted: isQuoted)
                    return .success(try write(field, to: &json) ? json : nil)
                } catch {
                    return .failure(json.isEmpty ? error : RuleBreach(code: .inputChanged, detail: .none))
                }
            }
        }
    }
}
