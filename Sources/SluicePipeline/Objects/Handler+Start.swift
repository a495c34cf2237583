import SluiceCSV
import SluiceEngine

/// What the start of an object determines for all of it.
extension Handler {
    /// Whether the object is compressed or in another encoding: its text has other offsets than its bytes, so a conversion
    /// can't begin in the middle.
    func mustBeReadFromStart(_ object: PinnedObject, _ context: InvocationContext) async throws -> Bool {
        if configuration.encoding != .utf8 { return true }
        return Recognition.isCompressed(try await bytes(0..<UInt64(Recognition.compressionLimit), of: object, context))
    }

    /// Whether the first bytes look like CSV.
    func startsAsCSV(_ object: PinnedObject, _ context: InvocationContext) async throws -> Bool {
        let first = try await bytes(0..<UInt64(Recognition.limit), of: object, context)
        let assumesCSV = configuration.dialect.assumesCSV
        return Recognition(first, isAll: true, as: .utf8, assumesCSV: assumesCSV).verdict == .csv
    }

    /// Returns the bytes of an object that lie in a range.
    func bytes(
        _ range: Range<UInt64>,
        of object: PinnedObject,
        _ context: InvocationContext
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        let content = ObjectContent(store(context), object, range.clamped(to: 0..<object.size))
        for try await chunk in content { chunk.withUnsafeBytes { bytes += $0 } }
        return bytes
    }

    /// Returns what a conversion from `position` requires, or nil at the start.
    func resumePoint(
        of object: PinnedObject,
        at position: RecordPosition,
        _ context: InvocationContext
    ) async throws -> ResumePoint? {
        if position == .start { return nil }
        var reader = HeaderReader(converter, of: object.sourceName)
        for try await chunk in ObjectContent(store(context), object, 0..<position.offset) {
            if try chunk.withUnsafeBytes({ try reader.add($0) }) { break }
        }
        return try reader.resumePoint(at: position)
    }
}
