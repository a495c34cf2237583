import SluiceCSV

/// Text for a page, whoever wrote it.
///
/// A value of the input must neither end the element that it stands in, nor turn the direction of what follows, nor be
/// invisible. So characters with a meaning in HTML become references, and controls, marks of direction and bytes that are
/// not UTF-8 are spelled out:
///
///     </script> "a"     &lt;/script&gt; &quot;a&quot;
///     U+0000 U+202E     ␀ ⟨U+202E⟩
///     FF                ⟨FF⟩
enum HTMLText {
    /// Returns text as it may stand in an element or in a quoted attribute.
    static func escaped(_ text: String) -> String { escaped(Array(text.utf8)) }

    /// Returns bytes in the same way. They need not be UTF-8.
    static func escaped(_ bytes: [UInt8]) -> String {
        var (result, start) = ("", 0)
        bytes.withView { view in
            while start < view.count {
                let (length, isWellFormed) = UTF8Text.subpart(view, at: start)
                let part = view[start..<start + length].array
                if isWellFormed {
                    for scalar in String(decoding: part, as: UTF8.self).unicodeScalars { append(scalar, to: &result) }
                } else {
                    result += part.map { "⟨\(hexadecimal(UInt32($0), width: 2))⟩" }.joined()
                }
                start += length
            }
        }
        return result
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "&": text += "&amp;"
        case "<": text += "&lt;"
        case ">": text += "&gt;"
        case "\"": text += "&quot;"
        case "'": text += "&#39;"
        // The pictures of control characters follow each other from U+2400 on.
        case "\0"..."\u{1F}": text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
        case "\u{7F}": text += "␡"
        default:
            if isHidden(scalar) {
                text += "⟨U+\(hexadecimal(scalar.value, width: 4))⟩"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    /// Whether a character shows nothing, or changes how others are shown.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func hexadecimal(_ number: UInt32, width: Int) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
