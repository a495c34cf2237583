import SluiceCSV
import SluiceCases
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `An error about a value` {
    private func reason(_ text: String, _ type: FieldType, _ constraints: [Constraint] = []) -> String? {
        var rule = ColumnRule()
        (rule.type, rule.constraints, rule.missingValues) = (type, constraints, [[UInt8(ascii: "-")]])
        guard case .failure(let breach) = rule.written(Array(text.utf8)) else { return nil }
        return CSVError(breach.code, offset: 0, record: 2, detail: breach.detail).reason
    }

    @Test func `says what is wrong with it`() {
        let integer = FieldType.integer(.init())
        #expect(reason("01234", integer) == "\"01234\" is not an integer: leading zero")
        #expect(reason("x", .number(.init())) == "\"x\" is not a number")
        #expect(reason("2023-02-29", .date(.iso)) == "\"2023-02-29\" is not a date: no calendar or clock shows it")
        #expect(reason("a", .string(.email)) == "\"a\" is no e-mail address")
        let bound = Constraint.Bound(Array("5".utf8), of: integer)
        #expect(reason("4", integer, bound.map { [.minimum($0)] } ?? []) == "\"4\" breaks the constraint minimum")
        #expect(reason("-", integer, [.required]) == "the value is missing, and its column requires one")
    }

    @Test func `shows its first characters, safe for a terminal`() {
        let text = "é" + String(repeating: "é", count: 30)
        #expect(reason(text, .year) == "\"\(text.prefix(20))…\" is not a year")
        #expect(reason("a" + text, .year) == "\"a\(text.prefix(19))…\" is not a year")
        #expect(reason("\u{1B}[31m", .year) == "\"\\x1b[31m\" is not a year")
        let limit = String(repeating: "x", count: 40)
        #expect(reason(limit, .year) == "\"\(limit)\" is not a year")
    }

    @Test func `has words for every reason`() {
        let reasons = Set(
            ValueCase.all.compactMap { one -> String? in
                if case .mismatch(let rule) = one.outcome, !rule.isEmpty { rule } else { nil }
            }
        )
        for rule in reasons {
            let error = CSVError(
                .typeMismatch,
                offset: 0,
                record: 2,
                detail: .value(CSVError.Value(text: "x", type: "date", rule: rule))
            )
            #expect(error.reason != "\"x\" is not a date", "\(rule)")
        }
    }
}

@Suite struct `A pattern of times` {
    private func refusal(_ pattern: String, _ kind: TimePattern.Kind) -> String? {
        do throws(TimePattern.Refusal) {
            _ = try TimePattern(Array(pattern.utf8), for: kind)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        arguments: [
            ("%d.%m.%Y", .date), ("%y%j", .date), ("%B %d, %Y %%", .date), ("%H", .time), ("%I %p", .time),
            ("%H:%M:%S.%f%z", .time),
            ("%Y-%m-%dT%H", .datetime), ("%b %d %y %I:%M:%S%p %Z", .datetime),
        ] as [(String, TimePattern.Kind)]
    )
    func `is accepted if it says everything once`(_ pattern: String, _ kind: TimePattern.Kind) {
        #expect(refusal(pattern, kind) == nil)
    }

    @Test(
        arguments: [
            ("%A %d %m %Y", .date, "%A is not supported"), ("%-d.%m.%Y", .date, "%- is not supported"),
            ("%d.%m.%Y%", .date, "it ends with %"), ("%Y-%m-%d %Y", .date, "%Y occurs twice"),
            ("%Y %y %m %d", .date, "%Y and %y say the same"), ("%Y %j %d", .date, "%j and %d say the same"),
            ("%Y %m %b %d", .date, "%m and %b say the same"), ("%I:%M", .time, "%I needs %p"),
            ("%H:%M %p", .time, "%p needs %I"),
            ("%H:%S", .time, "%S needs %M"), ("%H:%M.%f", .time, "%f needs %S"), ("%M", .time, "%M needs %H or %I"),
            ("%d.%m.", .date, "a date needs a year: %Y or %y"), ("%Y", .date, "a date needs a month: %m, %b or %B"),
            ("%m/%Y", .date, "a date needs a day: %d"),
            ("%Y-%m-%d", .datetime, "a datetime needs an hour: %H, or %I and %p"),
            ("%Y-%m-%d %H", .date, "a date has no %H; the type may be datetime"),
            ("%Y %H", .time, "a time has no %Y; the type may be datetime"),
            ("any", .date, "a date needs a year: %Y or %y"),
            ("%\u{1}", .date, "a character after % that is no letter is not supported"),
        ] as [(String, TimePattern.Kind, String)]
    )
    func `is refused with a reason`(_ pattern: String, _ kind: TimePattern.Kind, _ reason: String) {
        #expect(refusal(pattern, kind) == reason)
    }
}
