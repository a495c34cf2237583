/// What a compressed source holds.
final class DecompressedSource: ByteSource {
    // A class, for the decoder's state and the buffer cannot be copied.
    private var source: any ByteSource
    private var members: MemberReader
    /// Owned by this object.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    /// What of the buffer is not decoded yet.
    private var rest = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ source: any ByteSource, _ compression: Compression) throws(SluiceError) {
        self.source = source
        members = try MemberReader(compression)
    }

    deinit { buffer.deallocate() }

    var isDamaged: Bool { members.isDamaged }

    func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        members.begin()
        while try members.fill(memory, from: &rest) == .hungry {
            rest = UnsafeRawBufferPointer(rebasing: buffer[..<(try source.read(into: buffer))])
            if rest.isEmpty { members.end(isDamaged: source.isDamaged) }
        }
        return members.count
    }
}
