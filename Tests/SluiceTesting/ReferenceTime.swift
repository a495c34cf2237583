import SluiceJSON

/// Reads dates and times by regular expressions, and counts days one by one.
enum ReferenceTime {
    /// The parts of a date and time, as digits.
    struct Parts {
        var year = 1
        var month = 1
        var day = 1
        var hour = 0
        var minute = 0
        var second = 0
        var fraction = ""
        /// `Z`, `+02:00`, or nothing.
        var zone = ""
    }

    static func date(_ text: String, _ format: FieldType.TimeFormat) throws(ReferenceRefusal) -> ReferenceTyped {
        var parts = Parts()
        if case .pattern(let pattern) = format {
            parts = try ReferencePattern.read(text, pattern)
        } else {
            guard let match = groups(of: "([0-9]{4})-([0-9]{2})-([0-9]{2})", in: text) else { throw ReferenceRefusal() }
            (parts.year, parts.month, parts.day) = (int(match[0]), int(match[1]), int(match[2]))
        }
        guard isReal(parts) else { throw ReferenceRefusal("notInCalendar") }
        return ReferenceTyped(json: "\"\(date(parts))\"", key: instant(parts))
    }

    static func time(_ text: String, _ format: FieldType.TimeFormat) throws(ReferenceRefusal) -> ReferenceTyped {
        var parts = Parts()
        if case .pattern(let pattern) = format {
            parts = try ReferencePattern.read(text, pattern)
        } else {
            guard let match = groups(of: "([0-9]{2}):([0-9]{2}):([0-9]{2})", in: text) else { throw ReferenceRefusal() }
            (parts.hour, parts.minute, parts.second) = (int(match[0]), int(match[1]), int(match[2]))
        }
        guard isReal(parts) else { throw ReferenceRefusal("notInCalendar") }
        return ReferenceTyped(json: "\"\(time(parts))\"", key: instant(parts))
    }

    static func dateAndTime(_ text: String, _ format: FieldType.TimeFormat) throws(ReferenceRefusal) -> ReferenceTyped {
        var parts = Parts()
        if case .pattern(let pattern) = format {
            parts = try ReferencePattern.read(text, pattern)
        } else {
            let form =
                "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]+))?"
                + "(Z|[+-][0-9]{2}:[0-5][0-9])?"
            guard let match = groups(of: form, in: text) else { throw ReferenceRefusal() }
            (parts.year, parts.month, parts.day) = (int(match[0]), int(match[1]), int(match[2]))
            (parts.hour, parts.minute, parts.second) = (int(match[3]), int(match[4]), int(match[5]))
            (parts.fraction, parts.zone) = (match[6], match[7])
            if abs(minutes(parts.zone)) > 14 * 60 { throw ReferenceRefusal("notInCalendar") }
            if parts.hour == 24, parts.minute == 0, parts.second == 0, parts.fraction.allSatisfy({ $0 == "0" }) {
                parts.hour = 0
                guard isReal(parts) else { throw ReferenceRefusal("notInCalendar") }
                parts.day += 1
                if !isReal(parts) { (parts.month, parts.day) = (parts.month + 1, 1) }
                if !isReal(parts) { (parts.year, parts.month, parts.day) = (parts.year + 1, 1, 1) }
            }
        }
        guard isReal(parts) else { throw ReferenceRefusal("notInCalendar") }
        return ReferenceTyped(json: "\"\(date(parts))T\(time(parts))\"", key: instant(parts))
    }

    static func year(_ text: String) throws(ReferenceRefusal) -> ReferenceTyped {
        guard let match = groups(of: "([0-9]{4})(Z|[+-][0-9]{2}:[0-5][0-9])?", in: text) else {
            throw ReferenceRefusal()
        }
        if !match[1].isEmpty { throw ReferenceRefusal("timeZone") }
        let number = ReferenceNumber(integer: String(int(match[0])))
        return ReferenceTyped(json: number.json, key: number.key)
    }

    static func yearMonth(_ text: String) throws(ReferenceRefusal) -> ReferenceTyped {
        guard let match = groups(of: "([0-9]{4})-([0-9]{2})(Z|[+-][0-9]{2}:[0-5][0-9])?", in: text) else {
            throw ReferenceRefusal()
        }
        if !match[2].isEmpty { throw ReferenceRefusal("timeZone") }
        let parts = Parts(year: int(match[0]), month: int(match[1]))
        guard isReal(parts) else { throw ReferenceRefusal("notInCalendar") }
        return ReferenceTyped(json: "\"\(text)\"", key: instant(parts))
    }
}

extension ReferenceTime {
    /// Returns the groups of an expression that matches the whole text: empty where a group matches nothing.
    static func groups(of expression: String, in text: String) -> [String]? {
        guard let regex = try? Regex(expression).matchingSemantics(.unicodeScalar),
            let match = text.wholeMatch(of: regex)
        else { return nil }
        return match.output.dropFirst().map { $0.substring.map(String.init) ?? "" }
    }

    static func int(_ digits: String) -> Int { Int(digits) ?? 0 }

    static func isReal(_ parts: Parts) -> Bool {
        (1...9999).contains(parts.year) && (1...12).contains(parts.month)
            && (1...days(parts.year, parts.month)).contains(parts.day)
            && parts.hour < 24 && parts.minute < 60 && parts.second < 60
    }

    static func isLeap(_ year: Int) -> Bool { year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) }

    static func days(_ year: Int, _ month: Int) -> Int {
        [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// The days from 1 January of the year 1 to a date of any year.
    static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        var number = day - 1
        for earlier in 1..<month { number += days(year, earlier) }
        if year > 1 { for earlier in 1..<year { number += isLeap(earlier) ? 366 : 365 } }
        if year < 1 { for later in year..<1 { number -= isLeap(later) ? 366 : 365 } }
        return number
    }

    /// `+02:00` is 120.
    static func minutes(_ zone: String) -> Int {
        guard zone.count == 6 else { return 0 }
        let minutes = int(String(zone.dropFirst().prefix(2))) * 60 + int(String(zone.suffix(2)))
        return zone.hasPrefix("-") ? -minutes : minutes
    }

    private static func instant(_ parts: Parts) -> ReferenceKey {
        let day = dayNumber(parts.year, parts.month, parts.day)
        let seconds = ((day * 24 + parts.hour) * 60 + parts.minute - minutes(parts.zone)) * 60 + parts.second
        return .instant(seconds: seconds, fraction: withoutZeros(parts.fraction))
    }

    static func withoutZeros(_ fraction: String) -> String {
        String(fraction.reversed().drop { $0 == "0" }.reversed())
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        String(("0000" + String(number)).suffix(width))
    }

    private static func date(_ parts: Parts) -> String {
        "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    }

    private static func time(_ parts: Parts) -> String {
        let clock = "\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
        return clock + (parts.fraction.isEmpty ? "" : "." + parts.fraction) + parts.zone
    }
}

/// Reads times by a pattern, which becomes one regular expression.
enum ReferencePattern {
    static func read(_ text: String, _ pattern: TimePattern) throws(ReferenceRefusal) -> ReferenceTime.Parts {
        let (expression, letters) = expression(String(decoding: pattern.text, as: UTF8.self))
        guard let groups = ReferenceTime.groups(of: expression, in: text) else { throw ReferenceRefusal() }
        var (parts, found) = (ReferenceTime.Parts(), [Character: String]())
        for (letter, group) in zip(letters, groups) { found[letter] = group }
        func number(_ letter: Character) -> Int? {
            found[letter].map { ReferenceTime.int($0.filter { ("0"..."9").contains($0) }) }
        }
        if let year = number("Y") ?? number("y").map({ $0 + ($0 <= 68 ? 2000 : 1900) }) { parts.year = year }
        if let month = number("m") ?? found["b"].map(month) ?? found["B"].map(month) { parts.month = month }
        if let day = number("d") { parts.day = day }
        if var day = number("j") {
            guard (1...9999).contains(parts.year) else { throw ReferenceRefusal("notInCalendar") }
            while parts.month < 12, day > ReferenceTime.days(parts.year, parts.month) {
                day -= ReferenceTime.days(parts.year, parts.month)
                parts.month += 1
            }
            parts.day = day
        }
        parts.hour = number("H") ?? 0
        if let hour = number("I") { parts.hour = (hour == 12 ? 0 : hour) + (found["p"]?.lowercased() == "pm" ? 12 : 0) }
        parts.minute = number("M") ?? 0
        parts.second = number("S") ?? 0
        parts.fraction = found["f"] ?? ""
        if found["Z"] != nil || found["z"] == "Z" { parts.zone = "Z" }
        if let zone = found["z"], zone != "Z" {
            parts.zone = zone.contains(":") ? zone : zone.prefix(3) + ":" + zone.suffix(2)
            if abs(ReferenceTime.minutes(parts.zone)) >= 24 * 60 { throw ReferenceRefusal("notInCalendar") }
        }
        return parts
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private static func month(_ name: String) -> Int {
        (months.firstIndex { $0.hasPrefix(name.lowercased()) } ?? 0) + 1
    }

    /// Returns the expression, and the directive of each of its groups.
    private static func expression(_ pattern: String) -> (String, [Character]) {
        var (expression, letters, rest) = ("", [Character](), Array(pattern.unicodeScalars)[...])
        while let scalar = rest.popFirst() {
            if " \t\n\u{B}\u{C}\r".unicodeScalars.contains(scalar) {
                while let next = rest.first, " \t\n\u{B}\u{C}\r".unicodeScalars.contains(next) { rest.removeFirst() }
                expression += "[ \\t\\n\\x0B\\x0C\\r]+"
            } else if scalar == "%", let letter = rest.popFirst(), letter != "%" {
                expression += "(\(group(Character(letter))))"
                letters.append(Character(letter))
            } else {
                expression += "\\x{\(String(scalar.value, radix: 16))}"
            }
        }
        return (expression, letters)
    }

    private static func group(_ letter: Character) -> String {
        switch letter {
        case "Y": "[0-9]{4}"
        case "y": "[0-9]{2}"
        case "m", "I": "1[0-2]|0[1-9]|[1-9]"
        case "d": "3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9]"
        case "j": "36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9]"
        case "H": "2[0-3]|[01][0-9]|[0-9]"
        case "M": "[0-5][0-9]|[0-9]"
        case "S": "6[01]|[0-5][0-9]|[0-9]"
        case "f": "[0-9]{1,6}"
        case "p": "(?i:am|pm)"
        case "b": "(?i:\(months.map { String($0.prefix(3)) }.joined(separator: "|")))"
        case "B": "(?i:\(months.joined(separator: "|")))"
        case "Z": "(?i:UTC|GMT|Z)"
        case "z": "[+-][0-9]{2}:?[0-5][0-9]|Z"
        default: "(?!)"
        }
    }
}
