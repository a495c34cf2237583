import SluiceCSV
import SluiceJSON
import SluicePlatform

/// A description as one page, without scripts and without anything from elsewhere: to be sent to whoever made the file.
package struct Page {
    private let descriptions: [(description: Description, command: String)]

    /// - Parameter descriptions: each with the command that converts its input.
    package init(_ descriptions: [(description: Description, command: String)]) { self.descriptions = descriptions }

    package var html: String {
        let titles = descriptions.map { HTMLText.escaped(OpenedInput.title(of: $0.description.input)) }
        let sections = descriptions.map { Self.section($0.description, $0.command) }
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="generator" content="sluice describe">
            <title>\(titles.joined(separator: ", "))</title>
            <style>
            \(PageStyle.css)
            </style></head><body>
            \(sections.joined(separator: "\n"))
            </body></html>
            """
    }

    private static func section(_ description: Description, _ command: String) -> String {
        let cards = zip(description.names, description.columns).enumerated().map { index, column in
            ColumnCard(column.0, number: index + 1, column.1).html
        }
        return """
            <main><h1><bdi>\(HTMLText.escaped(OpenedInput.title(of: description.input)))</bdi></h1>
            <ul class="facts">\(facts(description).map { "<li>\($0)</li>" }.joined())</ul>
            \(faults(description.faults))<h2>Columns</h2>
            <div class="columns">
            \(cards.joined(separator: "\n"))
            </div>
            <h2>To convert it</h2>
            <pre><code>\(HTMLText.escaped(command))</code></pre></main>
            """
    }

    private static func facts(_ description: Description) -> [String] {
        var facts = [
            "<b>\(count(description.rows))</b> rows", "<b>\(count(UInt64(description.columns.count)))</b> columns",
        ]
        if let bytes = description.bytes { facts.append("<b>\(count(bytes))</b> bytes") }
        facts.append("encoding <b>\(description.encoding.name)</b>")
        let dialect = description.dialect
        facts.append("delimiter <b>\(name(dialect.wholeDelimiter))</b>")
        if dialect.usesQuotes, dialect.quote != UInt8(ascii: "\"") {
            facts.append("quote <b>\(name([dialect.quote]))</b>")
        }
        if !dialect.usesQuotes { facts.append("no quotes") }
        if let escape = dialect.escape { facts.append("escape <b>\(name([escape]))</b>") }
        if dialect.skippedLines > 0 {
            facts.append("<b>\(count(UInt64(dialect.skippedLines)))</b> lines before the header")
        }
        if dialect.header == .none { facts.append("no header") }
        return facts
    }

    private static func name(_ bytes: [UInt8]) -> String {
        switch bytes {
        case [0x09]: "tab"
        case [0x20]: "space"
        default: HTMLText.escaped(bytes)
        }
    }

    private static func faults(_ faults: Faults) -> String {
        guard !faults.isEmpty else { return "" }
        let noun = faults.total == 1 ? "record is" : "records are"
        let items = faults.first.map { fault in
            let error = fault.error
            let line = error.line.map { "line \(count($0))" } ?? "record \(count(error.record))"
            return "<div class=\"fault\"><p><b>\(line)</b>: \(HTMLText.escaped(error.reason)) "
                + "<span class=\"soft\">\(error.code.rawValue)</span></p>"
                + "<pre><code>\(HTMLText.escaped(fault.excerpt))\(fault.isCut ? "…" : "")</code></pre></div>"
        }
        let kinds = faults.counts.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key.rawValue < $1.key.rawValue
        }
        .map { "\(count($0.value)) \($0.key.rawValue)" }
        return "<h2>\(count(faults.total)) \(noun) invalid</h2><p class=\"soft\">\(kinds.joined(separator: ", "))</p>\n"
            + items.joined(separator: "\n") + "\n"
    }
}

/// Texts on the page.
extension Page {
    static func value(_ excerpt: ColumnProfile.Excerpt) -> String {
        "<span class=\"value\">\(HTMLText.escaped(excerpt.text))\(excerpt.isCut ? "…" : "")</span>"
    }

    /// A number with its digits in groups of three.
    static func count(_ number: UInt64) -> String {
        let digits = Array(String(number))
        let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
        return groups.reversed().joined(separator: ",")
    }

    static func share(_ count: UInt64, of total: UInt64) -> String {
        let tenths = Double(count) / Double(total) * 1000
        if count == total { return "100 %" }
        if tenths < 1 { return "&lt; 0.1 %" }
        return "\(decimal(min(999, tenths.rounded()) / 10)) %"
    }

    /// A number with at most three digits after the point.
    static func decimal(_ number: Double) -> String {
        let thousandths = Int((number * 1000).rounded())
        let (whole, rest) = (thousandths / 1000, thousandths % 1000)
        if rest == 0 { return "\(whole)" }
        var digits = (rest < 100 ? "0" : "") + (rest < 10 ? "0" : "") + "\(rest)"
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
