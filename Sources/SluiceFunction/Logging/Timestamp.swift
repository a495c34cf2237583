/// Times as text.
enum Timestamp {
    /// `2026-01-31T12:00:00.123Z` for milliseconds since 1970, from 1970 on.
    static func text(milliseconds: Int64) -> String {
        let time = max(0, milliseconds)
        let (year, month, day) = date(day: time / 86_400_000)
        let second = time / 1000 % 86_400
        return "\(year)-\(padded(month))-\(padded(day))T"
            + "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60)).\(padded(time % 1000, 3))Z"
    }

    /// The date of a day, counted from 1970-01-01.
    ///
    /// Years and months are counted off; a few hundred steps at most for any time that a clock shows.
    private static func date(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        var (year, rest): (Int64, Int64) = (1970, day)
        while rest >= (isLeap(year) ? 366 : 365) {
            rest -= isLeap(year) ? 366 : 365
            year += 1
        }
        var month: Int64 = 1
        while rest >= days(in: month, of: year) {
            rest -= days(in: month, of: year)
            month += 1
        }
        return (year, month, rest + 1)
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func padded(_ number: Int64, _ digits: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
