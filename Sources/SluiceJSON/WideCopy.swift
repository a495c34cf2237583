/// Copies in whole vectors, past the requested end: the next write overwrites the surplus.
///
///     values "ab", "c"       store 32 bytes from a…, advance by 2; store 32 bytes from c…, advance by 1
///
/// Safe if `source` is readable, and `target` writable, for 32 bytes beyond `count` (32 are copied even if it is 0): windows and
/// key tables are padded, and a ``RowBuffer`` keeps ``RowBuffer/slack`` bytes free.
enum WideCopy {
    static let width = 32

    /// Copies `count` bytes. Returns the place after them.
    @inline(__always)
    static func copy(
        _ source: UnsafePointer<UInt8>,
        _ count: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        store16(source, to: target)
        store16(source + 16, to: target + 16)
        if count > width { copyRest(source, count, to: target) }
        return target + count
    }

    /// Does the same, faster if most counts are at most 16 or follow a pattern, so that the branch on them is predicted.
    @inline(__always)
    static func copyShort(
        _ source: UnsafePointer<UInt8>,
        _ count: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        store16(source, to: target)
        return count > 16 ? copy(source, count, to: target) : target + count
    }

    @inline(__always)
    private static func store16(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) {
        let bytes = UnsafeRawPointer(source).loadUnaligned(as: SIMD16<UInt8>.self)
        UnsafeMutableRawPointer(target).storeBytes(of: bytes, as: SIMD16<UInt8>.self)
    }

    @inline(__always)
    private static func copyRest(
        _ source: UnsafePointer<UInt8>,
        _ count: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) {
        var done = width
        repeat {
            store16(source + done, to: target + done)
            store16(source + done + 16, to: target + done + 16)
            done += width
        } while done < count
    }
}
