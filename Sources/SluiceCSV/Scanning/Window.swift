package import SluicePlatform

/// The part of the input that is in memory: all of a mapped file, or what a stream has read and not yet converted.
///
/// A window is a handle: it does not own its memory. Its creator keeps `base[0..<count]` alive and unchanged until it replaces
/// the window, and, if rows are encoded from it, ``padding`` readable bytes after them. The padding lets values be copied in
/// whole vectors; its contents are never used. Single bytes are read by subscript, which checks bounds. Only code that passes
/// whole ranges to kernels uses ``base``.
package struct Window {
    package static let padding = 64

    package var base: UnsafePointer<UInt8>
    /// The number of bytes in the window.
    package var count: Int
    /// The offset of `base[0]` in the input.
    package var offset: UInt64
    /// The physical line of `base[0]`, counted from 1.
    package var line: UInt64
    /// Whether the input ends with this window.
    package var isLast: Bool
    /// How the bytes correspond to the stored ones.
    package var form: TextForm
    /// The offset, in the input as stored, of the bytes that `base[0]` was decoded from.
    package var storedOffset: UInt64

    package init(
        base: UnsafePointer<UInt8>,
        count: Int,
        offset: UInt64,
        line: UInt64 = 1,
        isLast: Bool,
        form: TextForm = .asStored,
        storedOffset: UInt64? = nil
    ) {
        self.base = base
        self.count = count
        self.offset = offset
        self.line = line
        self.isLast = isLast
        self.form = form
        self.storedOffset = storedOffset ?? offset
    }

    /// The byte at an offset in the window.
    package subscript(_ position: Int) -> UInt8 {
        precondition(UInt(bitPattern: position) < UInt(bitPattern: count), "not in the window")
        // Safe: the offset is in bounds.
        return base[position]
    }

    /// Returns the byte at a non-negative offset, or nil past the end of the window.
    package func byte(at position: Int) -> UInt8? { position < count ? self[position] : nil }

    /// Converts the offset of a place in this window to the offset in the input as stored.
    package func stored(_ offset: UInt64) -> UInt64 {
        guard form.isDecoded, offset >= self.offset else { return offset }
        // Safe: reads at most the window's bytes.
        return storedOffset + form.storedCount(base, count: Int(min(offset - self.offset, UInt64(count))))
    }

    /// Returns the error with its offset in the input as stored.
    package func stored(_ error: CSVError) -> CSVError {
        guard form.isDecoded else { return error }
        var error = error
        error.offset = stored(error.offset)
        return error
    }
}

extension MappedFile {
    /// The whole file as a window. Safe to read as long as this object lives.
    package var window: Window { Window(base: base, count: count, offset: 0, isLast: true) }
}
