// Texts that are values of a type, or most often so.

import SluiceJSON

extension ValueGenerator {
    mutating func valid(_ type: FieldType) -> String {
        switch type {
        case .string(let format): string(format)
        case .integer(let form): number(form, isInteger: true)
        case .number(let form): number(form, isInteger: false)
        case .boolean(let words):
            String(decoding: random.pick(from: words.trueValues + words.falseValues, or: []), as: UTF8.self)
        case .date(let format): formatted(format) { $0.date() }
        case .time(let format): formatted(format) { $0.clock() }
        case .datetime(let format): formatted(format) { $0.dateAndTime() }
        case .year: random.pick(digits(4), "0050", "0000", "9999", "2024Z", "10000")
        case .yearMonth:
            "\(digits(4))-\(random.pick("01", "12", "07", "13", "00"))" + random.pick("", "", "", "Z", "+01:00")
        case .duration: duration()
        case .object, .array: json(type)
        case .geoJSON(let isTopology): geography(isTopology)
        case .list(let delimiter, let item):
            (0..<random.pick(0, 1, 2, 3)).map { _ in valid(item) }
                .joined(separator: String(decoding: delimiter, as: UTF8.self))
        case .geoPoint(let format): point(format)
        }
    }

    private mutating func digits(_ count: Int) -> String {
        String((0..<count).map { _ in random.pick(from: Array("0123456789"), or: "0") })
    }

    private mutating func string(_ format: FieldType.StringFormat) -> String {
        let uris = [
            "http://a.example/b?c#d", "mailto:a@b.example", "urn:x:y", "http://u:p@[::1]:80/%20", "a:", "x:/é",
            "http://[v1.a]/",
            "//a/b", "http://a b", "http://%zz", "a://b/[c]",
        ]
        return switch format {
        case .any:
            random.pick("", "a", "abc", "Straße", "e\u{301}", "a\"b\\c\u{1}\n", "\u{FFFE}x\u{FFFF}", "😀😀", "x@y")
                + digits(random.pick(0, 0, 1))
        case .email:
            random.pick(
                "a@b.c",
                "a.b+c@x-y.example",
                "a@-b.c",
                "@b",
                "a@b",
                "ä@b.c",
                "a@b..c",
                "a@" + String(repeating: "l", count: 64)
            )
        case .uri: random.pick(from: uris, or: "a:b")
        case .binary: random.pick("", "YQ==", "YWI=", "YWJj", "YWJjYQ==", "YQ=", "Y===", "YQ= ", "Y-J_")
        case .uuid:
            ["", "-", "-", "-", "-"].enumerated().map { $1 + digits([8, 4, 4, 4, 12][$0]) }.joined()
                .replacing("7", with: random.pick("a", "F", "g", "7"))
        }
    }

    private mutating func number(_ form: FieldType.NumberForm, isInteger: Bool) -> String {
        let point = String(decoding: form.decimalCharacter, as: UTF8.self)
        let group = String(decoding: form.groupCharacter, as: UTF8.self)
        var text = random.pick("", "", "", "-", "+")
        switch Int.random(in: 0..<10, using: &random) {
        case 0: text += "0"
        case 1: text += "0" + digits(2)
        case 2: text += digits(1) + group + digits(3) + group + digits(3)
        case 3: text += "9007199254740991"
        case 4: text += digits(16)
        case 5: text += digits(17)
        case 6 where !isInteger: text += ""
        default: text += digits(random.pick(1, 2, 3))
        }
        if !isInteger || random.oneIn(8) {
            text += random.pick("", point, point + digits(1), point + digits(3) + "0", point + "0")
        }
        if random.oneIn(isInteger ? 20 : 5) {
            text += random.pick("e", "E") + random.pick("", "+", "-") + digits(random.pick(1, 2))
        }
        if random.oneIn(30) { text = random.pick("NaN", "-INF", "inf", "+Infinity", ".", "-", "") }
        guard !form.isBare else { return text }
        return random.pick("", "", "€", "EUR ", "(", "$", "Rs.", "+") + text
            + random.pick("", "", "%", " kg", ")", "-", "e", ".")
    }

    private mutating func formatted(_ format: FieldType.TimeFormat, _ iso: (inout ValueGenerator) -> String) -> String {
        guard case .pattern(let pattern) = format else { return iso(&self) }
        var (text, rest) = ("", Array(String(decoding: pattern.text, as: UTF8.self))[...])
        while let character = rest.popFirst() {
            text += character == "%" ? directive(rest.popFirst() ?? "%") : String(character)
        }
        return text
    }

    private mutating func directive(_ letter: Character) -> String {
        func some(_ most: Int) -> String {
            let number = Int.random(in: 0...most, using: &random)
            return number < 10 && random.oneIn(2) ? "0\(number)" : "\(number)"
        }
        return switch letter {
        case "Y": random.pick(digits(4), "2024", "0000", "2023")
        case "y": digits(2)
        case "m", "I": some(12)
        case "d": random.pick(some(31), " 5", "29", "30")
        case "j": random.pick(some(366), "366", "060", "001")
        case "H": some(24)
        case "M": some(60)
        case "S": random.pick(some(59), "60", "61")
        case "f": digits(random.pick(1, 3, 6, 7))
        case "p": random.pick("AM", "pm", "Pm")
        case "b": random.pick("Jan", "feb", "MAY", "Dec", "Mrz")
        case "B": random.pick("January", "FEBRUARY", "may", "September")
        case "z": random.pick("Z", "+0200", "-05:30", "+00:00", "+2359", "+2400", "+02")
        case "Z": random.pick("UTC", "GMT", "Z", "gmt", "CET")
        default: String(letter)
        }
    }

    private mutating func date() -> String {
        let year = random.pick(digits(4), "2024", "1900", "2000", "0001", "0000", "9999", "10000")
        return "\(year)-\(random.pick("01", "02", "04", "12", "13"))-\(random.pick("01", "28", "29", "30", "31", "00"))"
    }

    private mutating func clock() -> String {
        "\(random.pick("00", "12", "23", "24")):\(random.pick("00", "00", "59", "60")):\(random.pick("00", "00", "07", "59", "60"))"
    }

    private mutating func dateAndTime() -> String {
        let fraction = random.pick("", "", ".0", "." + digits(3), ".")
        return
            "\(date())T\(clock())\(fraction)\(random.pick("", "", "Z", "+00:00", "-14:00", "+14:01", "+05:30", "+1"))"
    }

    private mutating func duration() -> String {
        func part(_ letter: String) -> String { random.oneIn(2) ? "" : digits(random.pick(1, 2, 3)) + letter }
        let known = [
            "P1M", "P30D", "P27D", "P12M", "P1Y", "P365D", "PT0S", "-PT0.0S", "P", "PT", "P1W", "PT24H", "P400Y",
            "P146097D",
        ]
        if random.oneIn(2) { return random.pick(from: known, or: "P1M") }
        let seconds = random.oneIn(2) ? "" : digits(1) + random.pick("", ".5", ".50") + "S"
        return random.pick("", "-") + "P" + part("Y") + part("M") + part("D")
            + random.pick("", "T" + part("H") + part("M") + seconds)
    }

    private mutating func json(_ type: FieldType, depth: Int = 0) -> String {
        let space = { (random: inout SplitMix64) in random.pick("", "", " ", "\n\t") }
        let isObject = type == .object
        let names = ["\"a\"", "\"b\"", "\"\\u0061\"", "\"\u{FFFE}\"", "\"\""]
        let scalars = [
            "1", "1.0", "-0", "1e2", "01", "true", "null", "\"x\"", "\"\\\"\"", "\"\\ud800\"", "\"\u{FFFF}é\"", "nul",
            "\"\n\"",
        ]
        let items = (0..<random.pick(0, 1, 1, 2, 3)).map { _ in
            let isNested = depth < 4 && random.oneIn(3)
            let value =
                isNested
                ? json(random.pick(.object, .array), depth: depth + 1)
                : random.pick(from: Array(scalars.prefix(random.oneIn(3) ? 13 : 8)), or: "1")
            let name = isObject ? random.pick(from: names, or: "\"a\"") + space(&random) + ":" + space(&random) : ""
            return space(&random) + name + (value == "01" ? "1" : value) + space(&random)
        }
        var text = (isObject ? "{" : "[") + items.joined(separator: ",") + (isObject ? "}" : "]")
        if depth == 0, random.oneIn(10) {
            let levels = random.pick(62, 63, 64)
            text = String(repeating: "[", count: levels) + text + String(repeating: "]", count: levels)
        }
        return space(&random) + text
    }

    private mutating func geography(_ isTopology: Bool) -> String {
        let type = random.pick(
            "Point",
            "Polygon",
            "Feature",
            "FeatureCollection",
            "GeometryCollection",
            "Topology",
            "Circle"
        )
        let members = [
            "\"type\": \"\(type)\"", "\"coordinates\": [1.50, 2]", "\"geometry\":null", "\"properties\" :{}",
            "\"features\":[ ]",
            "\"geometries\":[]", "\"objects\":{}", "\"arcs\":[[[0,1]]]", "\"features\":1",
        ]
        let kept = members.filter { _ in !random.oneIn(6) }
        return "{\(kept.joined(separator: ", "))}"
    }

    private mutating func point(_ format: FieldType.GeoPointFormat) -> String {
        let values = ["90.50", "-45", "180", "180.0", "-180.01", "90.0001", "+5", ".5", "1e1", "007", "x", "\"1\""]
        let (longitude, latitude) = (random.pick(from: values, or: "1"), random.pick(from: values, or: "1"))
        return switch format {
        case .text: longitude + random.pick(",", ", ", ",  ", " ,") + latitude
        case .array: "[\(longitude), \(latitude)\(random.pick("", "", "", ",1"))]"
        case .object: "{\"\(random.pick("lon", "lon", "lat", "l\\u006fn"))\":\(longitude),\"lat\": \(latitude)}"
        }
    }
}
