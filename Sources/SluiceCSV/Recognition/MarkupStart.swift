/// Recognizes inputs that start as HTML or XML does.
///
///     <?xml version=            a declaration, `<!DOCTYPE x` or `<!--`: markup
///     <html lang=en>⏎           an element of HTML that contains others: markup
///     <a b="c">⏎                an attribute value in quotes: markup
///     <r><x>1</x>               an element with a matching end tag: markup, once the rest of its line is known
///     <id>,<name>⏎              text in the first line and no end tag: not markup
///     <b>x</b>,<b>y</b>⏎        text after the outermost element: not markup
struct MarkupStart {
    private enum Stop: Error {
        case violation
        case ranOut
        case found(CSVError.Finding)
    }

    private let input: Recognition
    private var position: Int
    /// The names of the open elements, outermost first.
    private var open: [[UInt8]] = []
    private var closed = 0
    private var isFirstLine = true
    private var hasTextInFirstLine = false

    private init(_ input: Recognition) {
        self.input = input
        position = input.textStart
    }

    /// Returns the verdict on an input whose first text starts with `<`.
    static func verdict(_ input: Recognition) -> Recognition.Verdict {
        var reader = MarkupStart(input)
        do throws(Stop) {
            try reader.declaration()
            while true { try reader.step() }
        } catch {
            switch error {
            case .found(let finding): return .notCSV(finding)
            case .violation: return .csv
            case .ranOut where !input.isAll: return .open
            case .ranOut: return reader.closed > 0 ? .notCSV(.xml) : .csv
            }
        }
    }

    private func peek() throws(Stop) -> UInt8 {
        guard position < input.bytes.count else { throw .ranOut }
        return input.bytes[position]
    }

    private static let spaces: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]

    /// Returns whether those letters, lower or upper case, are at the offset.
    private func hasLetters(_ word: String, at offset: Int) throws(Stop) -> Bool {
        for (index, letter) in word.utf8.enumerated() {
            guard offset + index < input.bytes.count else { throw .ranOut }
            guard input.bytes[offset + index] | 0x20 == letter else { return false }
        }
        return true
    }

    /// Returns whether that word, followed by white space, is at the offset.
    private func hasWord(_ word: String, at offset: Int) throws(Stop) -> Bool {
        guard try hasLetters(word, at: offset) else { return false }
        guard offset + word.utf8.count < input.bytes.count else { throw .ranOut }
        return Self.spaces.contains(input.bytes[offset + word.utf8.count])
    }

    private func declaration() throws(Stop) {
        guard position + 1 < input.bytes.count else { throw .ranOut }
        switch input.bytes[position + 1] {
        case UInt8(ascii: "?"): if try hasWord("xml", at: position + 2) { throw .found(.xml) } else { throw .violation }
        case UInt8(ascii: "!"):
            switch input.starts(with: "<!--", at: position) {
            case .yes: throw .found(.html)
            case .sofar: throw .ranOut
            case .no: break
            }
            guard try hasWord("doctype", at: position + 2) else { throw .violation }
            throw .found(try hasLetters("html", at: position + 10) ? .html : .xml)
        default: break
        }
    }

    /// Reads a tag, or a byte of text.
    private mutating func step() throws(Stop) {
        let byte = try peek()
        if open.isEmpty, closed > 0 {
            // The outermost element has ended.
            if byte == 0x0A || byte == 0x0D { throw .found(.xml) }
            guard byte == 0x20 || byte == 0x09 else { throw .violation }
            position += 1
        } else if byte == UInt8(ascii: "<") {
            position += 1
            if try peek() == UInt8(ascii: "/") {
                position += 1
                try closingTag()
            } else {
                try openingTag()
            }
        } else {
            try text(byte)
        }
    }

    private mutating func text(_ byte: UInt8) throws(Stop) {
        if isFirstLine {
            if byte == 0x0A || byte == 0x0D {
                if hasTextInFirstLine, closed == 0 { throw .violation }
                isFirstLine = false
            } else if byte != 0x20, byte != 0x09 {
                hasTextInFirstLine = true
            }
        }
        position += 1
    }

    private mutating func name() throws(Stop) -> [UInt8] {
        var name: [UInt8] = []
        while true {
            let byte = try peek()
            let isLetter = 0x61...0x7A ~= byte | 0x20 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
            let isOther = 0x30...0x39 ~= byte || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            guard isLetter || (isOther && !name.isEmpty) else { break }
            name.append(byte)
            position += 1
        }
        if name.isEmpty { throw .violation }
        return name
    }

    private mutating func skipSpace() throws(Stop) {
        while try Self.spaces.contains(peek()) { position += 1 }
    }

    private mutating func closingTag() throws(Stop) {
        let name = try name()
        try skipSpace()
        guard try peek() == UInt8(ascii: ">"), open.popLast() == name else { throw .violation }
        position += 1
        closed += 1
    }

    private mutating func openingTag() throws(Stop) {
        let name = try name()
        let isHTML = open.isEmpty && Self.outermost.contains(String(decoding: name, as: UTF8.self).lowercased())
        var hasValue = false
        while true {
            let before = position
            try skipSpace()
            let byte = try peek()
            if byte == UInt8(ascii: ">") { break }
            if byte == UInt8(ascii: "/") {
                position += 1
                guard try peek() == UInt8(ascii: ">") else { throw .violation }
                position += 1
                closed += 1
                return
            }
            if position == before { throw .violation }
            try attribute(&hasValue, isHTML: isHTML)
        }
        position += 1
        if isHTML || hasValue, try (Self.spaces + [UInt8(ascii: "<")]).contains(peek()) {
            throw .found(isHTML ? .html : .xml)
        }
        if isHTML { throw .violation }
        open.append(name)
    }

    /// Reads `name="value"`; in HTML also `name=value` and `name`.
    private mutating func attribute(_ hasValue: inout Bool, isHTML: Bool) throws(Stop) {
        _ = try name()
        guard try peek() == UInt8(ascii: "=") else {
            if isHTML { return }
            throw .violation
        }
        position += 1
        let quote = try peek()
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            guard isHTML else { throw .violation }
            while try !Self.spaces.contains(peek()), try peek() != UInt8(ascii: ">") { position += 1 }
            return
        }
        position += 1
        while try peek() != quote { position += 1 }
        position += 1
        hasValue = true
    }

    /// Names of outermost elements that only HTML has.
    private static let outermost: Set<String> = ["html", "head", "body", "table"]
}
