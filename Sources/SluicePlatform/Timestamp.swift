/// A time in UTC, to the second, in the years 1970 to 9999.
///
///     20150830T123600Z           in a signature of AWS
///     2015-08-30T12:36:00Z       in the expiry of credentials
///     2015-08-30T12:36:00.123Z   in a log
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970, without leap seconds.
    package var seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    package static var now: Timestamp { Timestamp(seconds: System.millisecondsSinceEpoch / 1000) }

    package static func < (earlier: Timestamp, later: Timestamp) -> Bool { earlier.seconds < later.seconds }

    package static func + (time: Timestamp, seconds: Int64) -> Timestamp {
        Timestamp(seconds: time.seconds + seconds)
    }

    /// The date: `20150830`.
    package var date: String {
        let (year, month, day) = components
        return year.digits(width: 4) + month.digits(width: 2) + day.digits(width: 2)
    }

    /// The time in the basic format: `20150830T123600Z`.
    package var basic: String {
        let second = seconds % 86_400
        return "\(date)T" + (second / 3600).digits(width: 2) + (second / 60 % 60).digits(width: 2)
            + (second % 60).digits(width: 2) + "Z"
    }

    /// Formats milliseconds since 1970: `2015-08-30T12:36:00.123Z`.
    package static func iso(milliseconds: Int64) -> String {
        let time = Timestamp(seconds: max(0, milliseconds) / 1000)
        return "\(time.extended).\((max(0, milliseconds) % 1000).digits(width: 3))Z"
    }

    /// The time in the extended format, without a zone: `2015-08-30T12:36:00`.
    package var extended: String {
        let (year, month, day) = components
        let second = seconds % 86_400
        let date = [year.digits(width: 4), month.digits(width: 2), day.digits(width: 2)].joined(separator: "-")
        let hour = [second / 3600, second / 60 % 60, second % 60].map { $0.digits(width: 2) }.joined(separator: ":")
        return "\(date)T\(hour)"
    }

    private var components: (year: Int64, month: Int64, day: Int64) {
        var (year, days): (Int64, Int64) = (1970, max(0, seconds) / 86_400)
        while days >= Self.days(inYear: year) {
            days -= Self.days(inYear: year)
            year += 1
        }
        var month: Int64 = 1
        while days >= Self.days(inMonth: month, of: year) {
            days -= Self.days(inMonth: month, of: year)
            month += 1
        }
        return (year, month, days + 1)
    }

    private static func days(inYear year: Int64) -> Int64 { isLeap(year) ? 366 : 365 }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}

extension Timestamp {
    /// Parses the date in a header of HTTP: `Sun, 30 Aug 2015 12:36:00 GMT`.
    package init?(http text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT",
            let month = Self.months.firstIndex(where: { $0 == parts[2] })
        else { return nil }
        self.init(iso: "\(parts[3])-\(Int64(month + 1).digits(width: 2))-\(parts[1])T\(parts[4])Z")
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Parses `2015-08-30T12:36:00Z`. A fraction of a second is ignored, and an offset such as `+02:00` is applied.
    package init?(iso text: String) {
        var rest = text[...]
        func number(_ digits: Int) -> Int64? {
            let part = rest.prefix(digits)
            guard part.utf8.count == digits, part.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
            rest = rest.dropFirst(digits)
            return Int64(part)
        }
        func skip(_ text: String) -> Bool {
            guard rest.hasPrefix(text) else { return false }
            rest = rest.dropFirst(text.count)
            return true
        }
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2),
            skip("T") || skip(" "),
            let hour = number(2), skip(":"), let minute = number(2), skip(":"), let second = number(2),
            year >= 1970, 1...12 ~= month, day >= 1, day <= Self.days(inMonth: month, of: year), hour < 24, minute < 60
        else { return nil }
        if skip(".") { rest = rest.drop { $0.isNumber } }
        var offset: Int64 = 0
        if !skip("Z") {
            let sign: Int64 = rest.hasPrefix("-") ? -1 : 1
            guard skip("+") || skip("-"), let hours = number(2) else { return nil }
            _ = skip(":")
            guard let minutes = number(2) else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard rest.isEmpty else { return nil }
        var days = day - 1
        for earlier in 1970..<year { days += Self.days(inYear: earlier) }
        for earlier in 1..<month { days += Self.days(inMonth: earlier, of: year) }
        seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    }
}
