package import SluicePlatform

/// The part of the input that is in memory: all of a mapped file, or what a stream has read and not yet converted.
///
/// Its creator keeps ``bytes`` alive and unchanged until it replaces the window, and, if rows are encoded from it, ``padding``
/// readable bytes after them.
package struct Window {
    /// Bytes after the window that may be read but are never used. They let values be copied in whole vectors: a kernel's
    /// `write_escaped` reads 31 bytes past a value, `WideCopy` 32.
    package static let padding = 64

    package var bytes: ByteView
    /// The offset of the first byte in the input.
    package var offset: UInt64
    /// The physical line of the first byte, counted from 1.
    package var line: UInt64
    /// Whether the input ends with this window.
    package var isLast: Bool
    /// How the bytes correspond to the stored ones.
    package var form: TextForm
    /// The offset, in the input as stored, of the bytes that the first one was made from.
    package var storedOffset: UInt64

    package init(
        _ bytes: ByteView,
        offset: UInt64,
        line: UInt64 = 1,
        isLast: Bool,
        form: TextForm = .asStored,
        storedOffset: UInt64? = nil
    ) {
        self.bytes = bytes
        self.offset = offset
        self.line = line
        self.isLast = isLast
        self.form = form
        self.storedOffset = storedOffset ?? offset
    }

    /// The number of bytes in the window.
    package var count: Int { bytes.count }

    /// The byte at an offset in the window.
    package subscript(_ position: Int) -> UInt8 { bytes[position] }

    /// Returns the byte at a non-negative offset, or nil past the end of the window.
    package func byte(at position: Int) -> UInt8? { position < count ? self[position] : nil }

    /// Converts the offset of a place in this window to the offset in the input as stored.
    package func stored(_ offset: UInt64) -> UInt64 {
        guard form.isTranscoded, offset >= self.offset else { return offset }
        return storedOffset + form.storedCount(bytes[0..<Int(min(offset - self.offset, UInt64(count)))])
    }
}

extension MappedFile {
    /// The file's bytes. Valid as long as this object lives.
    package var bytes: ByteView { unsafe ByteView(base: base, count: count) }

    /// The whole file as a window. A page after it is readable.
    package var window: Window { Window(bytes, offset: 0, isLast: true) }
}
