import SluiceCSV

/// Reads dates and times in the default forms of their types.
///
///     date        2024-01-26
///     time        15:00:00
///     datetime    2024-01-26T15:00:00    2024-01-26T15:00:00.300-05:00
///
/// The forms are strict: all digits must be there, and letters are upper case.
enum MomentReader {
    static func date(_ text: ByteView) throws(Mismatch) -> Moment {
        var cursor = TextCursor(text)
        guard let (year, month, day) = takeDate(&cursor), cursor.isAtEnd else { throw .other }
        guard let date = CalendarDate(year: year, month: month, day: day) else { throw .notInCalendar }
        return Moment(date: date)
    }

    static func time(_ text: ByteView) throws(Mismatch) -> Moment {
        var cursor = TextCursor(text)
        guard let time = takeTime(&cursor), cursor.isAtEnd else { throw .other }
        guard time.hour < 24, time.minute < 60, time.second < 60 else { throw .notInCalendar }
        return Moment(time: time)
    }

    static func dateAndTime(_ text: ByteView) throws(Mismatch) -> Moment {
        var cursor = TextCursor(text)
        guard let (year, month, day) = takeDate(&cursor), cursor.take("T"), var time = takeTime(&cursor) else {
            throw .other
        }
        if cursor.take(".") {
            time.fraction = cursor.takeDigits()
            if time.fraction.isEmpty { throw .other }
        }
        let zone = takeZone(&cursor)
        guard cursor.isAtEnd else { throw .other }
        guard var date = CalendarDate(year: year, month: month, day: day), time.minute < 60, time.second < 60,
            (-14 * 60)...(14 * 60) ~= zone?.minutes ?? 0
        else { throw .notInCalendar }
        if time.hour >= 24 {
            guard time.isEndOfDay, let next = date.next else { throw .notInCalendar }
            (date, time.hour) = (next, 0)
        }
        return Moment(date: date, time: time, zone: zone)
    }

    /// A month of a year: its first day.
    static func yearMonth(_ text: ByteView) throws(Mismatch) -> CalendarDate {
        var cursor = TextCursor(text)
        guard let year = cursor.takeNumber(4), cursor.take("-"), let month = cursor.takeNumber(2) else {
            throw .other
        }
        guard cursor.isAtEnd else { throw isZone(cursor) ? .timeZone : .other }
        guard let date = CalendarDate(year: year, month: month, day: 1) else { throw .notInCalendar }
        return date
    }

    /// Four digits; JSON writes them as a number.
    static func year(_ text: ByteView) throws(Mismatch) -> NumberText {
        var cursor = TextCursor(text)
        guard let year = cursor.takeNumber(4) else { throw .other }
        guard cursor.isAtEnd else { throw isZone(cursor) ? .timeZone : .other }
        return NumberText(integer: Array("\(year)".utf8))
    }
}

extension MomentReader {
    private static func takeDate(_ cursor: inout TextCursor) -> (year: Int, month: Int, day: Int)? {
        guard let year = cursor.takeNumber(4), cursor.take("-"), let month = cursor.takeNumber(2), cursor.take("-"),
            let day = cursor.takeNumber(2)
        else { return nil }
        return (year, month, day)
    }

    private static func takeTime(_ cursor: inout TextCursor) -> Moment.ClockTime? {
        guard let hour = cursor.takeNumber(2), cursor.take(":"), let minute = cursor.takeNumber(2), cursor.take(":"),
            let second = cursor.takeNumber(2)
        else { return nil }
        return Moment.ClockTime(hour: hour, minute: minute, second: second)
    }

    /// Takes `Z`, `+02:00` or `-02:00`.
    private static func takeZone(_ cursor: inout TextCursor) -> Moment.TimeZone? {
        if cursor.take("Z") { return .utc }
        var next = cursor
        let isNegative = next.take("-")
        guard isNegative || next.take("+"), let hours = next.takeNumber(2), next.take(":"),
            let minutes = next.takeNumber(2), minutes < 60
        else { return nil }
        cursor = next
        return Moment.TimeZone(isNegative: isNegative, hours: hours, minutes: minutes)
    }

    private static func isZone(_ rest: TextCursor) -> Bool {
        var cursor = rest
        return takeZone(&cursor) != nil && cursor.isAtEnd
    }
}

extension Moment.ClockTime {
    /// Whether this is 24:00:00, the start of the next day.
    fileprivate var isEndOfDay: Bool {
        hour == 24 && minute == 0 && second == 0 && fraction.allSatisfy { $0 == UInt8(ascii: "0") }
    }
}
