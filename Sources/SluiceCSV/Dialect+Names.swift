extension Dialect {
    /// Parses a delimiter or a quote as a command's options take it: one ASCII character, or `tab`. Returns nil if it is
    /// something else.
    package static func byte(named text: String) -> UInt8? {
        if text == "tab" || text == "\\t" { return 0x09 }
        return text.utf8.count == 1 ? text.utf8.first : nil
    }

    /// Parses a delimiter as a command's options take it: a text of at most ``longestDelimiter`` bytes, or `tab`. Returns nil if it
    /// is something else.
    package static func delimiter(named text: String) -> [UInt8]? {
        if let byte = byte(named: text) { return [byte] }
        return 2...longestDelimiter ~= text.utf8.count ? Array(text.utf8) : nil
    }

    /// Parses column names as a command's options take them: one record of RFC 4180, with commas and quotes whatever the
    /// dialect's own delimiter and quote are.
    ///
    ///     order,customer       two names
    ///     "name, first",age    a name that contains a comma
    ///
    /// - Returns: The names, or nil if the text is not exactly one record.
    package static func names(inRecord text: String) -> [String]? {
        if text.isEmpty { return [""] }
        return Array(text.utf8).withView { bytes in
            let window = Window(bytes, offset: 0, isLast: true)
            var tokenizer = Tokenizer(dialect: Dialect(header: .none), kernel: .best, window: window)
            var names: [String]?
            do throws(CSVError) {
                // Blank lines alone are not a record.
                guard case .ready = try tokenizer.begin() else { return nil }
                while tokenizer.position < window.count {
                    guard try tokenizer.readRecord(), names == nil || !tokenizer.slowRecordIsRow else { return nil }
                    guard tokenizer.slowRecordIsRow else { continue }
                    let (fields, dialect) = (tokenizer.slowRecord.fields, tokenizer.dialect)
                    names = fields.map { String(decoding: $0.value(in: window, dialect), as: UTF8.self) }
                }
                return names
            } catch {
                return nil
            }
        }
    }

    /// Returns the text from which ``names(inRecord:)`` makes these names.
    package static func record(of names: [String]) -> String {
        names.map { name in
            let special = name.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
            guard special || names == [""] else { return name }
            let doubled = name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            return "\"\(doubled)\""
        }.joined(separator: ",")
    }
}
