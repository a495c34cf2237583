import SluiceCSV

/// Reads texts as a pattern says, as strptime of C and Python does.
///
/// A number may have fewer digits than its directive allows, so there can be several ways to read a text. Each directive tries
/// the longest first, and the next shorter one if what follows does not fit:
///
///     %d%m%Y    1112024    11, 12, 024? no: 11, 1, 2024
///
/// A pattern has at most one directive for each part of a time, so there are few ways, however long the text is.
extension TimePattern {
    func moment(_ text: ByteView, as kind: Kind) throws(Mismatch) -> Moment {
        guard let parts = read(TextCursor(text), from: 0, Parts()) else { throw .other }
        guard let moment = parts.moment(as: kind) else { throw .notInCalendar }
        return moment
    }

    private func read(_ start: TextCursor, from first: Int, _ parts: Parts) -> Parts? {
        var cursor = start
        for index in first..<steps.count {
            switch steps[index] {
            case .literal(let bytes): guard cursor.take(bytes) else { return nil }
            case .spaces: guard cursor.take(while: ASCII.isSpace).count > 0 else { return nil }
            case .directive(let directive):
                for choice in choices(of: directive, cursor) {
                    var (next, more) = (cursor, parts)
                    next.skip(choice.length)
                    choice.set(&more)
                    if let found = read(next, from: index + 1, more) { return found }
                }
                return nil
            }
        }
        return cursor.isAtEnd ? parts : nil
    }

    /// A way to read a directive: how many bytes, and what they say.
    private struct Choice {
        var length: Int
        var set: (inout Parts) -> Void
    }

    private func choices(of directive: Directive, _ cursor: TextCursor) -> [Choice] {
        switch directive {
        case .year: numbers(cursor, widths: 4...4, 0...9999, \.year)
        case .shortYear: numbers(cursor, widths: 2...2, 0...99, \.shortYear)
        case .month: numbers(cursor, widths: 1...2, 1...12, \.month)
        case .day: numbers(cursor, widths: 1...2, 1...31, \.day) + spacedDay(cursor)
        case .dayOfYear: numbers(cursor, widths: 1...3, 1...366, \.dayOfYear)
        case .hour: numbers(cursor, widths: 1...2, 0...23, \.hour)
        case .halfDayHour: numbers(cursor, widths: 1...2, 1...12, \.hour)
        case .minute: numbers(cursor, widths: 1...2, 0...59, \.minute)
        // Leap seconds are read, as strptime does, and then refused.
        case .second: numbers(cursor, widths: 1...2, 0...61, \.second)
        case .fraction: fractions(cursor)
        case .monthName: words(cursor, Self.months, \.month)
        case .shortMonthName: words(cursor, Self.months.map { String($0.prefix(3)) }, \.month)
        case .half: words(cursor, ["AM", "PM"], \.half)
        case .zoneName:
            ["UTC", "GMT", "Z"].filter { has(cursor, $0) }.map { name in
                Choice(length: name.utf8.count) { $0.zone = .utc }
            }
        case .offset: offset(cursor).map { [$0] } ?? []
        }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private func numbers(
        _ start: TextCursor,
        widths: ClosedRange<Int>,
        _ range: ClosedRange<Int>,
        _ part: WritableKeyPath<Parts, Int?>
    ) -> [Choice] {
        widths.reversed().compactMap { width in
            var cursor = start
            guard let number = cursor.takeNumber(width), range ~= number else { return nil }
            return Choice(length: width) { $0[keyPath: part] = number }
        }
    }

    /// A day of one digit after a space.
    private func spacedDay(_ start: TextCursor) -> [Choice] {
        var cursor = start
        guard cursor.take(" ") else { return [] }
        return numbers(cursor, widths: 1...1, 1...9, \.day).map { Choice(length: 2, set: $0.set) }
    }

    private func fractions(_ start: TextCursor) -> [Choice] {
        (1...6).reversed().compactMap { width in
            var cursor = start
            guard cursor.takeNumber(width) != nil else { return nil }
            let digits = cursor.text[start.position..<cursor.position].array
            return Choice(length: width) { $0.fraction = digits }
        }
    }

    /// The words, counted from 1, of which the text has one next; no word is the start of another.
    private func words(_ cursor: TextCursor, _ words: [String], _ part: WritableKeyPath<Parts, Int?>) -> [Choice] {
        words.enumerated().filter { has(cursor, $0.element) }.map { index, word in
            Choice(length: word.utf8.count) { $0[keyPath: part] = index + 1 }
        }
    }

    private func has(_ cursor: TextCursor, _ word: String) -> Bool {
        var cursor = cursor
        return cursor.takeWord(word)
    }

    /// `+0200`, `+02:00` or `Z`.
    private func offset(_ start: TextCursor) -> Choice? {
        var cursor = start
        if cursor.take("Z") { return Choice(length: 1) { $0.zone = .utc } }
        let isNegative = cursor.take("-")
        guard isNegative || cursor.take("+"), let hours = cursor.takeNumber(2) else { return nil }
        _ = cursor.take(":")
        guard let minutes = cursor.takeNumber(2), minutes < 60 else { return nil }
        let zone = Moment.TimeZone(isNegative: isNegative, hours: hours, minutes: minutes)
        return Choice(length: cursor.position - start.position) { $0.zone = zone }
    }
}

/// What the directives of a pattern read.
private struct Parts {
    var year: Int?
    var shortYear: Int?
    var month: Int?
    var day: Int?
    var dayOfYear: Int?
    var hour: Int?
    /// 1 before noon, 2 after it.
    var half: Int?
    var minute: Int?
    var second: Int?
    var fraction: [UInt8] = []
    var zone: Moment.TimeZone?

    /// Returns nil if no calendar or clock shows this.
    func moment(as kind: TimePattern.Kind) -> Moment? {
        var moment = Moment(zone: zone)
        if kind != .time {
            guard let date else { return nil }
            moment.date = date
        }
        if kind != .date {
            guard let time, abs(zone?.minutes ?? 0) < 24 * 60 else { return nil }
            moment.time = time
        }
        return moment
    }

    private var date: CalendarDate? {
        // The years that POSIX gives two digits.
        guard let year = year ?? shortYear.map({ $0 < 69 ? 2000 + $0 : 1900 + $0 }) else { return nil }
        if let dayOfYear { return CalendarDate(year: year, dayOfYear: dayOfYear) }
        guard let month, let day else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    private var time: Moment.ClockTime? {
        guard var hour, second ?? 0 < 60 else { return nil }
        if let half { hour = hour % 12 + (half == 2 ? 12 : 0) }
        return Moment.ClockTime(hour: hour, minute: minute ?? 0, second: second ?? 0, fraction: fraction)
    }
}
