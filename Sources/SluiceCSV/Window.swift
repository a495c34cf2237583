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

    package init(base: UnsafePointer<UInt8>, count: Int, offset: UInt64, line: UInt64 = 1, isLast: Bool) {
        self.base = base
        self.count = count
        self.offset = offset
        self.line = line
        self.isLast = isLast
    }
}
