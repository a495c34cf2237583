import SluiceCSV

/// Instants in the forms of the types `date` and `datetime`, for libraries with a type of their own for them.
package enum ISO8601 {
    /// Returns the seconds from 1970 to the instant that a text states, or nil if it states none.
    ///
    ///     1970-01-02                   86400      midnight in UTC
    ///     1970-01-01 00:00:01.5        1.5        a space may stand for the T, as databases write it
    ///     1970-01-01T01:00:00+01:00    0
    ///     1970-02-30                   nil        no day of the calendar
    package static func secondsSince1970(_ text: String) -> Double? {
        var bytes = Array(text.utf8)
        let separator = "yyyy-mm-dd".utf8.count
        let hasTime = bytes.count > separator
        if hasTime, bytes[separator] == UInt8(ascii: " ") { bytes[separator] = UInt8(ascii: "T") }
        let moment = bytes.withView { view in try? hasTime ? MomentReader.dateAndTime(view) : MomentReader.date(view) }
        guard let instant = moment?.instant, let epoch = CalendarDate(year: 1970, month: 1, day: 1) else { return nil }
        let fraction = Double("0." + String(decoding: instant.fraction, as: UTF8.self) + "0") ?? 0
        return Double(instant.seconds - epoch.dayNumber * 86_400) + fraction
    }
}
