import SluiceCSV

extension RowPlan {
    /// Returns the texts before the value of each member whose value differs from row to row, and the text after the last one.
    /// Constant members are part of them, and so are the quotes before strings, and if `closesStrings` those after them.
    ///
    ///     a (string), file = "x", b.c (integer)        {"a":"    ,"file":"x","b":{"c":    }}⏎
    ///     with quotes after strings                    {"a":"    ","file":"x","b":{"c":    }}⏎
    ///
    /// If members can be left out, each has its own text, even a constant one, and each text starts with a comma:
    ///
    ///     a (string), file = "x"                       ,"a":"    ,"file":"x"    }⏎
    func texts(separator: UInt8, closesStrings: Bool = false) -> (keys: [[UInt8]], end: [UInt8]) {
        omits ? separateTexts(separator) : joinedTexts(separator, closesStrings)
    }

    private func separateTexts(_ separator: UInt8) -> (keys: [[UInt8]], end: [UInt8]) {
        let keys = members.map { member in
            var text = Array(",\"".utf8) + JSONWriter.escaped(member.name) + Array("\":".utf8)
            if case .constant(let json) = member.source { text += json }
            return isString(member) ? text + [UInt8(ascii: "\"")] : text
        }
        return (keys, [UInt8(ascii: "}"), separator])
    }

    private func joinedTexts(_ separator: UInt8, _ closesStrings: Bool) -> (keys: [[UInt8]], end: [UInt8]) {
        let printer = MemberPrinter(self)
        var printed = MemberPrinter.State()
        var (keys, text) = ([[UInt8]](), [UInt8]())
        for (number, member) in members.enumerated() {
            printer.open(number, &printed, to: &text)
            if case .constant(let json) = member.source {
                text += json
            } else {
                let isString = isString(member)
                if isString { text.append(UInt8(ascii: "\"")) }
                keys.append(text)
                text = isString && closesStrings ? [UInt8(ascii: "\"")] : []
            }
        }
        printer.close(&printed, to: &text)
        text.append(separator)
        return (keys, text)
    }

    /// Whether values of a member are strings, unless they are null.
    private func isString(_ member: Member) -> Bool {
        guard case .column(let column) = member.source else { return false }
        return rules[column].type.isString
    }

    /// Whether the members are all columns in their order, each as a string that is never null, and constants.
    var hasAllAsStrings: Bool {
        !omits && hasAllInOrder && rules.allSatisfy(\.isPlain)
    }

    /// Whether the members are all columns in their order, and constants.
    var hasAllInOrder: Bool {
        let sources = members.lazy.map(\.source).filter { if case .constant = $0 { false } else { true } }
        return sources.elementsEqual((0..<header.width).map { .column($0) })
    }
}
