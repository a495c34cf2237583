import SluicePlatform

/// A date, a time, or a date with a time, as ISO 8601 writes it.
struct Moment: Sendable, Hashable {
    var date: CalendarDate?
    var time: ClockTime?
    var zone: TimeZone?

    /// The time of a clock, from 00:00:00 up to before 24:00:00.
    struct ClockTime: Sendable, Hashable {
        var hour = 0
        var minute = 0
        var second = 0
        /// The digits of a second's fraction, as they were written.
        var fraction: [UInt8] = []
    }

    /// The offset of a clock from UTC.
    struct TimeZone: Sendable, Hashable {
        /// Minutes to be taken from the clock's time to get UTC.
        var minutes: Int
        /// As ISO 8601 writes it: `Z`, `+02:00`, `-00:00`.
        var text: String

        static let utc = TimeZone(minutes: 0, text: "Z")

        init(minutes: Int, text: String) { (self.minutes, self.text) = (minutes, text) }

        init(isNegative: Bool, hours: Int, minutes: Int) {
            self.minutes = (isNegative ? -1 : 1) * (hours * 60 + minutes)
            text = (isNegative ? "-" : "+") + "\(hours.digits(width: 2)):\(minutes.digits(width: 2))"
        }
    }

    /// Appends `2024-01-26`, `15:00:00.5` or `2024-01-26T15:00:00-05:00`.
    func append(to json: inout [UInt8]) {
        if let date {
            json += "\(date.year.digits(width: 4))-\(date.month.digits(width: 2))-\(date.day.digits(width: 2))".utf8
        }
        if date != nil, time != nil { json.append(UInt8(ascii: "T")) }
        if let time {
            json += [time.hour, time.minute, time.second].map { $0.digits(width: 2) }.joined(separator: ":").utf8
            if !time.fraction.isEmpty { json += [UInt8(ascii: ".")] + time.fraction }
        }
        if let zone { json += zone.text.utf8 }
    }

    /// The point in time: the date at midnight, the time on any one day. A clock without a time zone shows UTC.
    var instant: Instant {
        let clock = time ?? ClockTime()
        let minutes = ((date?.dayNumber ?? 0) * 24 + clock.hour) * 60 + clock.minute - (zone?.minutes ?? 0)
        let end = clock.fraction.lastIndex { $0 != UInt8(ascii: "0") }.map { $0 + 1 } ?? 0
        return Instant(seconds: minutes * 60 + clock.second, fraction: Array(clock.fraction[..<end]))
    }

    /// A point in time in a form that equal ones share.
    struct Instant: Sendable, Hashable, Comparable {
        var seconds: Int
        /// The digits of a second's fraction, without zeros at their end.
        var fraction: [UInt8]

        static func < (earlier: Instant, later: Instant) -> Bool {
            if earlier.seconds != later.seconds { return earlier.seconds < later.seconds }
            return earlier.fraction.lexicographicallyPrecedes(later.fraction)
        }
    }
}
