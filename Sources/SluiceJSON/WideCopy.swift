/// Copies in whole vectors, past the requested end: the next write overwrites the surplus.
///
///     values "ab", "c"       store 32 bytes from a…, advance by 2; store 32 bytes from c…, advance by 1
///
/// The contract, which makes every use of a pointer below safe: `source` is readable, and `target` writable, for ``width`` bytes
/// beyond `count` (that many are copied even if it is 0). `Window.padding` and key tables provide for that, and a ``RowBuffer``
/// keeps ``RowBuffer/slack`` bytes free.
enum WideCopy {
    static let width = 32

    /// Copies `count` bytes. Returns the place after them.
    @inline(__always)
    static func copy(
        _ source: UnsafePointer<UInt8>,
        _ count: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        unsafe store16(source, to: target)
        unsafe store16(source + 16, to: target + 16)
        if count > width { unsafe copyRest(source, count, to: target) }
        return unsafe target + count
    }

    @inline(__always)
    private static func store16(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) {
        let bytes = unsafe UnsafeRawPointer(source).loadUnaligned(as: SIMD16<UInt8>.self)
        unsafe UnsafeMutableRawPointer(target).storeBytes(of: bytes, as: SIMD16<UInt8>.self)
    }

    @inline(__always)
    private static func copyRest(
        _ source: UnsafePointer<UInt8>,
        _ count: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) {
        var done = width
        repeat {
            unsafe store16(source + done, to: target + done)
            unsafe store16(source + done + 16, to: target + done + 16)
            done += width
        } while done < count
    }
}
