import CSluiceKernels

/// Bytes in memory that someone else owns: an address and a count.
///
/// A view is a handle. Its creator keeps `base[0..<count]` alive and unchanged as long as the view is used, and, where it says
/// so, bytes after them readable. With that, all uses but ``base`` are safe: they check bounds.
@safe package struct ByteView {
    /// The first byte: for kernels and vector copies, which take whole ranges.
    package let base: UnsafePointer<UInt8>
    package let count: Int

    package init(base: UnsafePointer<UInt8>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    /// A view of a buffer's bytes, which are valid as long as the buffer is.
    package init(_ buffer: UnsafeBufferPointer<UInt8>) {
        // Without bytes a view still needs an address. Nothing is read from it.
        unsafe self.init(base: buffer.baseAddress ?? ("" as StaticString).utf8Start, count: buffer.count)
    }

    package subscript(_ position: Int) -> UInt8 {
        precondition(UInt(bitPattern: position) < UInt(bitPattern: count), "not in the view")
        // The offset is in bounds.
        return unsafe base[position]
    }

    package subscript(_ range: Range<Int>) -> ByteView {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "not in the view")
        return unsafe ByteView(base: base + range.lowerBound, count: range.count)
    }

    /// The bytes from an offset on.
    package func from(_ position: Int) -> ByteView { self[position..<count] }

    /// The bytes as a collection, valid as long as the view is.
    package var buffer: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: base, count: count) }

    /// A copy of the bytes.
    package var array: [UInt8] { unsafe Array(buffer) }

    /// Returns the offset of the first byte of that value from `start` on, or the view's length.
    package func firstIndex(of byte: UInt8, from start: Int) -> Int {
        precondition(start >= 0 && start <= count, "not in the view")
        // The range lies in the view.
        return unsafe start + sluice_find(base + start, count - start, byte)
    }

    /// Returns how many bytes from an offset on are ASCII, up to the first other byte.
    package func asciiCount(from position: Int) -> Int {
        precondition(position >= 0, "not in the view")
        var end = position
        // `end + 8` lies within the view.
        while end + 8 <= count,
            unsafe UnsafeRawPointer(base + end).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            end += 8
        }
        while end < count, self[end] < 0x80 { end += 1 }
        return end - position
    }
}

extension [UInt8] {
    /// Calls `body` with a view of the array, which is valid during the call.
    package func withView<Result, Failure: Error>(
        _ body: (ByteView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withUnsafeBufferPointer { (buffer) throws(Failure) in try unsafe body(ByteView(buffer)) }
    }
}
