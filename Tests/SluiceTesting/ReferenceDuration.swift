/// Reads durations, and measures them from the four dates of XML Schema. Their parts must not be large.
enum ReferenceDuration {
    static func read(_ text: String) throws(ReferenceRefusal) -> ReferenceTyped {
        let form =
            "(-?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
            + "(T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\\.([0-9]+))?S)?)?"
        guard let groups = ReferenceTime.groups(of: form, in: text), !text.hasSuffix("P"), !text.hasSuffix("T") else {
            throw ReferenceRefusal()
        }
        func number(_ group: Int) -> Int { ReferenceTime.int(groups[group]) }
        let sign = groups[0].isEmpty ? 1 : -1
        let months = sign * (number(1) * 12 + number(2))
        let seconds = ((number(3) * 24 + number(5)) * 60 + number(6)) * 60 + number(7)
        let fraction = ReferenceTime.withoutZeros(groups[8])
        let lengths = [(1696, 9), (1697, 2), (1903, 3), (1903, 7)].map { year, month in
            let days = abs(day(year, month, later: months) - day(year, month, later: 0))
            let whole = days * 86_400 + seconds
            return ReferenceKey.number(
                isNegative: sign < 0 && !(whole == 0 && fraction.isEmpty),
                integer: whole == 0 ? "" : String(whole),
                fraction: fraction
            )
        }
        return ReferenceTyped(json: "\"\(text)\"", key: .duration(lengths))
    }

    private static func day(_ year: Int, _ month: Int, later months: Int) -> Int {
        var (year, month) = (year, month + months)
        while month > 12 { (year, month) = (year + 1, month - 12) }
        while month < 1 { (year, month) = (year - 1, month + 12) }
        return ReferenceTime.dayNumber(year, month, 1)
    }
}
