import CSluiceKernels
import SluiceCSV

/// Escapes whole texts, such as JSON inside JSON: the kernel marks the bytes to escape, and the bytes between them are copied in
/// vectors.
extension Kernel {
    /// The escapes of all bytes. None overwrites bytes before it: there are no doubled quotes here.
    private static let escapes = (0...255).map { sluice_escape(JSONWriter.escaped(UInt8($0 & 0x7F))) }

    /// Returns the text as the inside of a JSON string, between two others that are copied unchanged. The text must be
    /// well-formed UTF-8 without U+FFFE and U+FFFF.
    package func escaped(_ text: [UInt8], between before: String = "", and after: String = "") -> [UInt8] {
        text.withView { view in
            let marks = escapeMarks(in: view)
            let escapes = marks.reduce(0) { $0 + $1.nonzeroBitCount }
            let size = before.utf8.count + text.count + Self.longestEscape * escapes + after.utf8.count
            // There is room for all three texts, with all escapes, and what the kernel may write after them.
            return unsafe [UInt8](unsafeUninitializedCapacity: size + Kernel.escapeSlack) { line, count in
                guard let start = line.baseAddress else { return }
                var target = unsafe Self.copy(before, to: start)
                unsafe target = write(view, marks, to: target)
                count = unsafe Self.copy(after, to: target) - start
            }
        }
    }

    /// The length of `\u001f`.
    private static let longestEscape = 6

    private static func copy(_ text: String, to target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var target = unsafe target
        for byte in text.utf8 {
            unsafe target.pointee = byte
            unsafe target += 1
        }
        return unsafe target
    }

    /// The contract: the target has room for the text, six bytes for each mark and ``Kernel/escapeSlack`` more.
    private func write(
        _ text: ByteView,
        _ marks: [UInt64],
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        // The kernel reads whole vectors, so the last bytes are written the slower way.
        let count = max(0, text.count - WideCopy.width)
        if let target = unsafe writeEscaped?(text.base, count, marks, 0, 0, target) {
            return unsafe writeBetweenMarks(text, from: count, marks, to: target)
        }
        return unsafe writeBetweenMarks(text, from: 0, marks, to: target)
    }

    /// Reads whole vectors only where at least one is left in the text.
    private func writeBetweenMarks(
        _ text: ByteView,
        from start: Int,
        _ marks: [UInt64],
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        let bytes = unsafe text.base
        var (target, copied) = unsafe (target, start)
        // Each mark is that of a byte of the text, so reads stay in the text and, where vectors are copied, before its end.
        unsafe Self.escapes.withUnsafeBufferPointer { escapes in
            for word in (start >> 6)..<marks.count {
                var mark = marks[word]
                if word == start >> 6 { mark &= ~0 << UInt64(start & 63) }
                while mark != 0 {
                    let special = word << 6 + mark.trailingZeroBitCount
                    mark &= mark - 1
                    if special + WideCopy.width <= text.count {
                        unsafe target = WideCopy.copy(bytes + copied, special - copied, to: target)
                    } else {
                        unsafe target.update(from: bytes + copied, count: special - copied)
                        unsafe target += special - copied
                    }
                    let escape = unsafe escapes[Int(bytes[special])]
                    unsafe UnsafeMutableRawPointer(target).storeBytes(of: escape.text, as: UInt64.self)
                    unsafe target += Int(escape.length)
                    copied = special + 1
                }
            }
        }
        unsafe target.update(from: bytes + copied, count: text.count - copied)
        return unsafe target + (text.count - copied)
    }
}
