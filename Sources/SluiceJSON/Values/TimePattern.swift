/// A pattern as strptime reads it: `%d.%m.%Y`.
///
/// A pattern must say everything once: two years could contradict each other, `%I` without `%p` could be morning or evening, and
/// what is missing would have to be made up.
package struct TimePattern: Sendable, Hashable {
    package let text: [UInt8]
    let steps: [Step]

    /// What stands at a place of the pattern.
    enum Step: Sendable, Hashable {
        case literal([UInt8])
        /// White space, which stands for any amount of it.
        case spaces
        case directive(Directive)
    }

    enum Directive: Character, Sendable, Hashable {
        case year = "Y"
        case shortYear = "y"
        case month = "m"
        case monthName = "B"
        case shortMonthName = "b"
        case day = "d"
        case dayOfYear = "j"
        case hour = "H"
        case halfDayHour = "I"
        case half = "p"
        case minute = "M"
        case second = "S"
        case fraction = "f"
        case offset = "z"
        case zoneName = "Z"
    }

    /// What a pattern reads.
    package enum Kind: String, Sendable, Hashable, CaseIterable { case date, time, datetime }

    /// Why a pattern is not accepted.
    package struct Refusal: Error, Sendable, Hashable { package var reason: String }

    /// Returns nil if it has a directive that is not supported.
    package init?(_ text: [UInt8]) {
        guard let steps = try? Self.steps(text) else { return nil }
        (self.text, self.steps) = (text, steps)
    }

    /// Creates a pattern for a type's values.
    ///
    /// - Throws: `Refusal` if it has a directive that is not supported, or says too little or too much for the type.
    package init(_ text: [UInt8], for kind: Kind) throws(Refusal) {
        self.text = text
        steps = try Self.steps(text)
        if let reason = contradiction ?? gap(kind) { throw Refusal(reason: reason) }
    }
}

extension TimePattern {
    private static func steps(_ text: [UInt8]) throws(Refusal) -> [Step] {
        var (steps, literal, rest) = ([Step](), [UInt8](), text[...])
        func add(_ step: Step?) {
            if !literal.isEmpty { steps.append(.literal(literal)) }
            literal = []
            if let step { steps.append(step) }
        }
        while let byte = rest.popFirst() {
            if ASCII.isSpace(byte) {
                rest = rest.drop(while: ASCII.isSpace)
                add(.spaces)
            } else if byte != UInt8(ascii: "%") {
                literal.append(byte)
            } else {
                guard let letter = rest.popFirst() else { throw Refusal(reason: "it ends with %") }
                if letter == UInt8(ascii: "%") {
                    literal.append(letter)
                } else if let directive = Directive(rawValue: Character(Unicode.Scalar(letter))) {
                    add(.directive(directive))
                } else {
                    throw Refusal(reason: "\(name(letter)) is not supported")
                }
            }
        }
        add(nil)
        return steps
    }

    private static func name(_ letter: UInt8) -> String {
        0x21..<0x7F ~= letter ? "%\(Unicode.Scalar(letter))" : "a character after % that is no letter"
    }

    private var directives: [Directive] {
        steps.compactMap { if case .directive(let directive) = $0 { directive } else { nil } }
    }

    /// Two directives that say the same, or one without the other that it needs.
    private var contradiction: String? {
        let directives = directives
        for (index, directive) in directives.enumerated() {
            for other in directives[..<index] where !other.parts.isDisjoint(with: directive.parts) {
                return directive == other
                    ? "\(directive.name) occurs twice" : "\(other.name) and \(directive.name) say the same"
            }
            if let needed = directive.needed, !directives.contains(where: needed.contains) {
                return "\(directive.name) needs \(needed.map(\.name).joined(separator: " or "))"
            }
        }
        return nil
    }

    /// What the type needs and the pattern lacks, or the other way round.
    private func gap(_ kind: Kind) -> String? {
        let parts = directives.reduce(into: Set<Part>()) { $0.formUnion($1.parts) }
        let surplus = directives.first { kind == .date && !$0.isOfDate || kind == .time && $0.isOfDate }
        if let surplus { return "a \(kind.rawValue) has no \(surplus.name); the type may be datetime" }
        if kind != .time {
            if !parts.contains(.year) { return "a \(kind.rawValue) needs a year: %Y or %y" }
            if !parts.contains(.month) { return "a \(kind.rawValue) needs a month: %m, %b or %B" }
            if !parts.contains(.day) { return "a \(kind.rawValue) needs a day: %d" }
        }
        if kind != .date, !parts.contains(.hour) { return "a \(kind.rawValue) needs an hour: %H, or %I and %p" }
        return nil
    }
}

/// A part of a date or time.
private enum Part: Hashable { case year, month, day, hour, half, minute, second, fraction, zone }

extension TimePattern.Directive {
    fileprivate var name: String { "%\(rawValue)" }

    /// What the directive says.
    fileprivate var parts: Set<Part> {
        switch self {
        case .year, .shortYear: [.year]
        case .month, .monthName, .shortMonthName: [.month]
        case .day: [.day]
        case .dayOfYear: [.month, .day]
        case .hour, .halfDayHour: [.hour]
        case .half: [.half]
        case .minute: [.minute]
        case .second: [.second]
        case .fraction: [.fraction]
        case .offset, .zoneName: [.zone]
        }
    }

    fileprivate var isOfDate: Bool { !parts.isDisjoint(with: [.year, .month, .day]) }

    /// Directives of which one must be there too.
    fileprivate var needed: [TimePattern.Directive]? {
        switch self {
        case .halfDayHour: [.half]
        case .half: [.halfDayHour]
        case .second: [.minute]
        case .fraction: [.second]
        case .minute: [.hour, .halfDayHour]
        default: nil
        }
    }
}
