/// The stretch of the input that is in memory: all of a mapped file, or what a stream has brought and not yet used.
///
/// What makes its pointer safe to read: whoever makes a window keeps `base[0..<count]` alive and unchanged, and at least
/// ``padding`` readable bytes after them if rows are encoded from it, until it replaces the window. The padding lets
/// values be copied in whole vectors; what it holds is never used.
package struct Window {
    package static let padding = 64

    package var base: UnsafePointer<UInt8>
    package var count: Int
    /// Where `base[0]` is in the input.
    package var offset: UInt64
    /// The physical line of `base[0]`, counted from 1.
    package var line: UInt64
    /// The input ends with this window.
    package var isLast: Bool
    /// How its bytes are related to those that are stored.
    package var form: TextForm
    /// Where that of which `base[0]` was made is in the input as it is stored.
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

    /// The offset, in the input as it is stored, of what is at that offset in the text; of a place in this window.
    package func stored(_ offset: UInt64) -> UInt64 {
        guard form.isDecoded, offset >= self.offset else { return offset }
        // Safe: no more than the window's bytes are read.
        return storedOffset + form.storedCount(base, count: Int(min(offset - self.offset, UInt64(count))))
    }

    /// The error with the offset in the input as it is stored.
    package func stored(_ error: CSVError) -> CSVError {
        guard form.isDecoded else { return error }
        var error = error
        error.offset = stored(error.offset)
        return error
    }
}
