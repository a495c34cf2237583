/// A day of the Gregorian calendar, in a year from 1 to 9999.
struct CalendarDate: Sendable, Hashable {
    let year: Int
    let month: Int
    let day: Int

    /// Returns nil if there is no such day.
    init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, 1...Self.days(inMonth: month, of: year) ~= day else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Creates the date of a day of a year, counted from 1. Returns nil if the year has fewer days.
    init?(year: Int, dayOfYear: Int) {
        var (month, day) = (1, dayOfYear)
        while month < 12, day > Self.days(inMonth: month, of: year) {
            day -= Self.days(inMonth: month, of: year)
            month += 1
        }
        self.init(year: year, month: month, day: day)
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day after; nil after the last day of the year 9999.
    var next: CalendarDate? {
        CalendarDate(year: year, month: month, day: day + 1)
            ?? CalendarDate(year: year, month: month + 1, day: 1)
            ?? CalendarDate(year: year + 1, month: 1, day: 1)
    }

    /// The number of days since 1 January of the year 1.
    var dayNumber: Int { Self.days(beforeMonth: month, of: year) + day - 1 }

    /// Returns the number of days from 1 January of the year 1 to the first of a month, of any year.
    static func days(beforeMonth month: Int, of year: Int) -> Int {
        // Leap years are counted up to the last year; divisions round down, also in years before 1.
        let last = year - 1
        let leaps = floor(last, 4) - floor(last, 100) + floor(last, 400)
        return 365 * last + leaps + (1..<month).reduce(0) { $0 + days(inMonth: $1, of: year) }
    }

    private static func floor(_ number: Int, _ divisor: Int) -> Int {
        (number - (number % divisor + divisor) % divisor) / divisor
    }
}
