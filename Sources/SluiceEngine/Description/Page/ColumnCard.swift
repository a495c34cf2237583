import SluiceJSON
import SluicePlatform

/// A column's picture: what kinds its values are, how long, and which are frequent.
struct ColumnCard {
    private let name: [UInt8]
    private let number: Int
    private let column: ColumnProfile

    init(_ name: [UInt8], number: Int, _ column: ColumnProfile) {
        (self.name, self.number, self.column) = (name, number, column)
    }

    var html: String {
        let title =
            name.isEmpty ? "<span class=\"soft\">column \(number)</span>" : "<bdi>\(HTMLText.escaped(name))</bdi>"
        let type = column.type == .text ? "string" : column.type.name
        return """
            <article class="column"><div class="head"><h3>\(title)</h3><span class="type">\(type)</span></div>
            \(kinds)\(distinct)\(ends)\(lengths)\(frequent)</article>
            """
    }

    /// A picture fills its place, whatever its proportions.
    private static let stretched = "preserveAspectRatio=\"none\""

    private var total: UInt64 { column.kinds.reduce(0, +) }

    private var kinds: String {
        guard total > 0 else { return "<p class=\"small\">no rows</p>" }
        var (segments, labels, start) = ("", [String](), 0.0)
        // Empty values come last, at the end of the bar.
        let order = ColumnProfile.Kind.allCases.filter { $0 != .empty } + [.empty]
        for kind in order where column.count(kind) > 0 {
            let width = 100 * Double(column.count(kind)) / Double(total)
            segments +=
                "<rect class=\"\(kind.name)\" x=\"\(Page.decimal(start))\" width=\"\(Page.decimal(width))\" height=\"1\"/>"
            labels.append(
                "<i class=\"dot \(kind.name)\"></i> \(kind.name) \(Page.share(column.count(kind), of: total))"
            )
            start += width
        }
        return
            "<svg class=\"kinds\" viewBox=\"0 0 100 1\" \(Self.stretched) role=\"img\" aria-label=\"kinds of values\">"
            + segments + "</svg><p class=\"small\">\(labels.joined(separator: " · "))</p>\n"
    }

    private var distinct: String {
        guard column.distinctValues > 0 else { return "" }
        let about = column.isSketched ? "about " : ""
        let noun = column.distinctValues == 1 ? "value" : "different values"
        return "<p class=\"small\">\(about)\(Page.count(column.distinctValues)) \(noun)</p>\n"
    }

    private var ends: String {
        guard let range = column.range else { return "" }
        return "<div class=\"ends small\"><span>smallest<br>\(Page.value(range.least))</span>"
            + "<span>largest<br>\(Page.value(range.greatest))</span></div>\n"
    }

    /// A bar for each class of lengths, from the shortest to the longest.
    private var lengths: String {
        let used = column.lengths.enumerated().filter { $0.element.count > 0 }.map(\.offset)
        guard let first = used.first, let last = used.last, last > first else {
            return column.longest > 0
                ? "<p class=\"small\">all \(Page.count(column.longest)) characters long</p>\n" : ""
        }
        let counts = column.lengths[first...last].map(\.count)
        let most = Double(counts.max() ?? 1)
        let bars = counts.enumerated().map { place, count in
            // A bar that would be invisible is shown as the lowest.
            let height = count == 0 ? 0 : max(1, 40 * Double(count) / most)
            return "<rect class=\"bar\" x=\"\(10 * place)\" y=\"\(Page.decimal(40 - height))\" width=\"9\" "
                + "height=\"\(Page.decimal(height))\"/>"
        }
        return
            "<svg class=\"lengths\" viewBox=\"0 0 \(10 * counts.count) 40\" preserveAspectRatio=\"none\" role=\"img\" "
            + "aria-label=\"lengths\">\(bars.joined())</svg>"
            + "<div class=\"ends small\"><span>\(Page.count(column.shortest))</span>"
            + "<span>length in characters</span><span>\(Page.count(column.longest))</span></div>\n"
    }

    private var frequent: String {
        // Values that occur once each are no more frequent than others.
        guard let most = column.frequent.first?.count, most > 1 else { return "" }
        let rows = column.frequent.prefix(8).map { value in
            let width = Page.decimal(100 * Double(value.count) / Double(most))
            return "<tr><td title=\"\(HTMLText.escaped(value.value.text))\">\(Page.value(value.value))</td>"
                + "<td><svg viewBox=\"0 0 100 1\" \(Self.stretched)>"
                + "<rect class=\"bar\" width=\"\(width)\" height=\"1\"/></svg></td>"
                + "<td>\(Page.count(value.count))</td></tr>"
        }
        return "<table>\(rows.joined())</table>\n"
    }
}
