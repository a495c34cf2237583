import SluiceCSV

/// Escapes whole texts, such as JSON inside JSON: a kernel marks the bytes to escape, and the bytes between them are copied in
/// vectors.
package struct JSONEscaper {
    private let kernel: Kernel
    /// The escapes of all bytes. None overwrites bytes before it: there are no doubled quotes here.
    private let entries = (0...255).map { EscapeTable.Entry(EscapeTable.escaped(UInt8($0 & 0x7F))) }

    package init(kernel: Kernel) { self.kernel = kernel }

    /// Returns the text as the inside of a JSON string, between two others that are copied unchanged. The text must be
    /// well-formed UTF-8 without U+FFFE and U+FFFF.
    package func line(_ before: String, _ text: [UInt8], _ after: String) -> [UInt8] {
        let marks = marks(in: text)
        let escapes = marks.reduce(0) { $0 + $1.nonzeroBitCount }
        let size = before.utf8.count + text.count + Self.longestEscape * escapes + after.utf8.count
        return [UInt8](unsafeUninitializedCapacity: size + Kernel.escapeSlack) { line, count in
            guard let start = line.baseAddress else { return }
            var target = Self.copy(before, to: start)
            target = text.withUnsafeBufferPointer { write($0, marks, to: target) }
            count = Self.copy(after, to: target) - start
        }
    }

    /// The length of `\u001f`.
    private static let longestEscape = 6

    private func marks(in text: [UInt8]) -> [UInt64] {
        let words = (text.count + 63) / 64
        // One word more, which the kernel may read.
        return [UInt64](unsafeUninitializedCapacity: words + 1) { marks, count in
            text.withUnsafeBufferPointer { text in
                guard let base = text.baseAddress, let words = marks.baseAddress else { return }
                // Safe: writes all of the words.
                kernel.findEscapes(base, count: text.count, masks: words)
            }
            marks[words] = 0
            count = words + 1
        }
    }

    private static func copy(_ text: String, to target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var target = target
        for byte in text.utf8 {
            target.pointee = byte
            target += 1
        }
        return target
    }

    /// Safe if the target has room for the text, six bytes for each mark and ``Kernel/escapeSlack`` more.
    private func write(
        _ text: UnsafeBufferPointer<UInt8>,
        _ marks: [UInt64],
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        // The kernel reads whole vectors, so the last bytes are written the slower way.
        let count = max(0, text.count - WideCopy.width)
        if let escape = kernel.escape, let target = escape(text.baseAddress, count, marks, 0, 0, target) {
            return writeBetweenMarks(text, from: count, marks, to: target)
        }
        return writeBetweenMarks(text, from: 0, marks, to: target)
    }

    /// Reads whole vectors only where at least one is left in the text.
    private func writeBetweenMarks(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        _ marks: [UInt64],
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        guard let bytes = text.baseAddress else { return target }
        var (target, copied) = (target, start)
        entries.withUnsafeBufferPointer { entries in
            for word in (start >> 6)..<marks.count {
                var mark = marks[word]
                if word == start >> 6 { mark &= ~0 << UInt64(start & 63) }
                while mark != 0 {
                    let special = word << 6 + mark.trailingZeroBitCount
                    mark &= mark - 1
                    if special + WideCopy.width <= text.count {
                        target = WideCopy.copy(bytes + copied, special - copied, to: target)
                    } else {
                        target.update(from: bytes + copied, count: special - copied)
                        target += special - copied
                    }
                    let escape = entries[Int(bytes[special])]
                    UnsafeMutableRawPointer(target).storeBytes(of: escape.text, as: UInt64.self)
                    target += Int(escape.length)
                    copied = special + 1
                }
            }
        }
        target.update(from: bytes + copied, count: text.count - copied)
        return target + (text.count - copied)
    }
}
