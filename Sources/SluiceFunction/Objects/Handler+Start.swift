import Sluice

/// What the start of an object says of all of it.
extension Handler {
    /// An object that is compressed can only be read from its start, and its size says nothing of what it holds.
    func isCompressed(_ object: PinnedObject, _ work: Work) async throws -> Bool {
        var first: [UInt8] = []
        let range = 0..<min(object.size, UInt64(Compression.magicSize))
        for try await chunk in ObjectContent(store(work), object, range) { chunk.withUnsafeBytes { first += $0 } }
        return Compression.isRecognized(in: first)
    }

    /// What a run from that entry on begins with; nil at the start.
    func head(of object: PinnedObject, for entry: SegmentEntry, _ work: Work) async throws -> RunHead? {
        if entry == .start { return nil }
        var reader = HeadReader(sluice)
        for try await chunk in ObjectContent(store(work), object, 0..<entry.offset) {
            if try chunk.withUnsafeBytes({ try reader.add($0) }) { break }
        }
        return try reader.head(for: entry)
    }
}
