import SluiceCSV

/// Translates regular expressions of XML Schema (part 2, appendix F) to those of PCRE2.
///
///     \d{2}[A-Z\s]|.    →    \p{Nd}{2}[\x{41}-\x{5a}\x{9}\x{a}\x{d}\x{20}]|[^\x{a}\x{d}]
///
/// The two share the usual syntax, but the same letters mean other things: `\w` has no underscore in XML Schema and `\d` has the
/// digits of all scripts. So every part is written anew, and nothing but what XML Schema defines reaches PCRE2. Other syntax,
/// such as look-around, is refused, and so is the little of XML Schema that PCRE2 can't express.
struct XMLPattern {
    private var rest: ArraySlice<Unicode.Scalar>
    private var result = ""

    static func translation(of source: [UInt8]) throws(TextPattern.Refusal) -> String {
        guard source.withView(UTF8Text.firstIllFormed) == nil else { throw refusal("it is not UTF-8") }
        var pattern = XMLPattern(rest: Array(String(decoding: source, as: UTF8.self).unicodeScalars)[...])
        try pattern.translate()
        return pattern.result
    }

    private static func refusal(_ reason: String) -> TextPattern.Refusal { TextPattern.Refusal(reason: reason) }

    private mutating func translate() throws(TextPattern.Refusal) {
        var depth = 0
        // Whether a quantifier, or a branch of the expression, may follow what was read.
        var (canRepeat, startsBranch) = (false, true)
        if rest.first == "^" { rest.removeFirst() }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "(":
                try checkGroup()
                depth += 1
                result += "(?:"
            case ")":
                depth -= 1
                guard depth >= 0 else { throw Self.refusal("a ) closes no group; as a character it is written \\)") }
                result += ")"
            case "|": result += "|"
            case "*", "+", "?", "{":
                guard canRepeat else { throw Self.misplaced(scalar, after: result) }
                result += try scalar == "{" ? counts() : String(scalar)
            case "[": try characterClass()
            case "\\": result += Self.text(of: try escape(), inClass: false)
            case ".": result += "[^\(Self.text(of: "\n"))\(Self.text(of: "\r"))]"
            case "]", "}": throw Self.refusal("as a character, \(scalar) is written \\\(scalar)")
            case "$" where rest.isEmpty: break
            case "^" where startsBranch, "$" where rest.first == "|" || rest.first == ")":
                throw Self.refusal(
                    "\(scalar) is an anchor only at the very \(scalar == "^" ? "start" : "end") of a pattern, which is always "
                        + "anchored; as a character it is written \\\(scalar)"
                )
            default: result += Self.text(of: scalar)
            }
            startsBranch = scalar == "(" || scalar == "|"
            canRepeat = !startsBranch && !"*+?{".unicodeScalars.contains(scalar)
        }
        guard depth == 0 else { throw Self.refusal("a group is not closed") }
    }

    private static func misplaced(_ quantifier: Unicode.Scalar, after result: String) -> TextPattern.Refusal {
        let repeats = result.unicodeScalars.last.map("*+?}".unicodeScalars.contains) ?? false
        if repeats, quantifier == "?" {
            return refusal("XML Schema has no lazy quantifiers; without the ? the same values match")
        }
        if repeats, quantifier == "+" { return refusal("XML Schema has no possessive quantifiers") }
        return refusal(
            "\(quantifier) follows nothing that it could repeat; as a character it is written \\\(quantifier)"
        )
    }

    /// Refuses what other dialects write after an opening parenthesis.
    private func checkGroup() throws(TextPattern.Refusal) {
        if rest.first == "*" { throw Self.refusal("XML Schema has no verbs such as (*ACCEPT)") }
        guard rest.first == "?" else { return }
        let mark = String(String.UnicodeScalarView(rest.dropFirst().prefix(2)))
        let kind =
            if mark.hasPrefix(":") {
                "groups (?:…); an ordinary group ( does the same"
            } else if mark.hasPrefix("=") || mark.hasPrefix("!") || mark == "<=" || mark == "<!" {
                "look-around"
            } else if mark.hasPrefix(">") {
                "atomic groups"
            } else if mark.hasPrefix("P") || mark.hasPrefix("<") || mark.hasPrefix("'") {
                "named groups"
            } else if mark.hasPrefix("#") { "comments" } else if mark.hasPrefix("C") {
                "callouts"
            } else if mark.hasPrefix("R") || mark.hasPrefix("&") || mark.unicodeScalars.first.map(Self.isDigit) ?? false
            {
                "recursion"
            } else { "options such as (?i)" }
        throw Self.refusal("XML Schema has no \(kind)")
    }

    /// Reads the rest of `{2}`, `{2,}` or `{2,5}`.
    private mutating func counts() throws(TextPattern.Refusal) -> String {
        let text = braced() ?? "?"
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let isWritten = parts.allSatisfy { $0.unicodeScalars.allSatisfy(Self.isDigit) }
        guard isWritten, 1...2 ~= parts.count, !parts[0].isEmpty else {
            throw Self.refusal("a quantifier is {2}, {2,} or {2,5}; as a character, { is written \\{")
        }
        let numbers = parts.filter { !$0.isEmpty }.map { Int($0) ?? .max }
        guard numbers.allSatisfy({ $0 <= Self.mostRepeats }) else {
            throw Self.refusal("{\(text)} repeats more often than \(Self.mostRepeats) times")
        }
        guard numbers[0] <= numbers[numbers.count - 1] else { throw Self.refusal("{\(text)} is an empty range") }
        return "{\(numbers[0])" + (parts.count == 1 ? "}" : numbers.count == 1 ? ",}" : ",\(numbers[1])}")
    }

    /// Reads up to a closing brace. Returns nil if there is none.
    private mutating func braced() -> String? {
        guard let end = rest.firstIndex(of: "}") else { return nil }
        defer { rest = rest[(end + 1)...] }
        return String(String.UnicodeScalarView(rest[..<end]))
    }

    /// The limit of PCRE2.
    private static let mostRepeats = 65535

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }
}

extension XMLPattern {
    /// What one character or one escape stands for.
    private enum Item {
        case character(Unicode.Scalar)
        /// The inside of a class of PCRE2.
        case set(String)
    }

    /// Reads the rest of `[…]`.
    private mutating func characterClass() throws(TextPattern.Refusal) {
        result += "["
        if rest.first == "^" {
            rest.removeFirst()
            result += "^"
        }
        var isEmpty = true
        while rest.first != "]" {
            let isHyphen = rest.first == "-"
            let first = try classItem()
            if case .character(let low) = first, rest.first == "-", let next = rest.dropFirst().first, next != "]",
                next != "["
            {
                rest.removeFirst()
                guard case .character(let high) = try classItem(), low <= high, !isHyphen, next != "-" else {
                    throw Self.refusal("a class has a range whose ends are not two characters in order")
                }
                result += "\(Self.text(of: low))-\(Self.text(of: high))"
            } else {
                result += Self.text(of: first, inClass: true)
            }
            isEmpty = false
        }
        rest.removeFirst()
        guard !isEmpty else { throw Self.refusal("a class is empty; as a character, ] is written \\]") }
        result += "]"
    }

    private mutating func classItem() throws(TextPattern.Refusal) -> Item {
        guard let scalar = rest.popFirst() else { throw Self.refusal("a class is not closed") }
        switch scalar {
        case "\\": return try escape()
        case "[":
            let isNamed = [":", ".", "="].contains(rest.first)
            throw Self.refusal(
                isNamed ? "XML Schema has no classes such as [:alpha:]" : "as a character, [ is written \\[ in a class"
            )
        case "-" where rest.first == "[": throw Self.refusal("class subtraction, [a-z-[aeiou]], is not supported")
        default: return .character(scalar)
        }
    }

    /// Reads the rest of `\d`, `\p{Lu}`, `\.`…
    private mutating func escape() throws(TextPattern.Refusal) -> Item {
        guard let letter = rest.popFirst() else { throw Self.refusal("it ends with a backslash") }
        switch letter {
        case "n": return .character("\n")
        case "r": return .character("\r")
        case "t": return .character("\t")
        case "d": return .set("\\p{Nd}")
        case "D": return .set("\\P{Nd}")
        case "s": return .set("\\x{9}\\x{a}\\x{d}\\x{20}")
        case "S": return .set("\\x{0}-\\x{8}\\x{b}\\x{c}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}")
        case "w": return .set("\\p{L}\\p{M}\\p{N}\\p{S}")
        case "W": return .set("\\p{P}\\p{Z}\\p{C}")
        case "p", "P": return .set("\\\(letter){\(try category())}")
        case "i", "I", "c", "C": throw Self.refusal("\\\(letter), the characters of XML names, is not supported")
        case "0"..."9": throw Self.refusal("XML Schema has no back-references such as \\\(letter)")
        case "a"..."z", "A"..."Z": throw Self.refusal("XML Schema has no \\\(letter)")
        // XML Schema allows a backslash before its own marks; before another one, as in `\/`, nothing else could be meant.
        case "!"..."~": return .character(letter)
        default: throw Self.refusal("a backslash stands before a character that it can't change")
        }
    }

    /// Reads the rest of `\p{Lu}`.
    private mutating func category() throws(TextPattern.Refusal) -> String {
        guard rest.popFirst() == "{", let name = braced() else {
            throw Self.refusal("\\p is written with a category: \\p{L}")
        }
        if name.hasPrefix("Is") { throw Self.refusal("blocks of characters, such as \\p{IsGreek}, are not supported") }
        guard Self.categories.contains(name) else { throw Self.refusal("there is no category \\p{\(name)}") }
        return name
    }

    /// The general categories of Unicode, except the surrogates', which are no characters.
    private static let categories: Set<String> = Set(
        [
            ("L", "ultmo"), ("M", "nce"), ("N", "dlo"), ("P", "cdseifo"), ("Z", "slp"), ("S", "mcko"), ("C", "cfon"),
        ].flatMap { group, kinds in [group] + kinds.map { "\(group)\($0)" } }
    )

    private static func text(of item: Item, inClass: Bool) -> String {
        switch item {
        case .character(let scalar): text(of: scalar)
        case .set(let set): inClass ? set : "[\(set)]"
        }
    }

    /// Returns a character as PCRE2 takes it anywhere.
    private static func text(of scalar: Unicode.Scalar) -> String { "\\x{\(String(scalar.value, radix: 16))}" }
}
