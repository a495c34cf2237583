import SluiceCSV
import SluiceEngine

/// What the start of an object determines for all of it.
extension Handler {
    /// Whether the object is compressed or in another encoding: its text has other offsets than its bytes, so a conversion
    /// can't begin in the middle.
    func mustBeReadFromStart(_ work: ObjectWork, _ context: InvocationContext) async throws -> Bool {
        if work.converter.encoding != .utf8 { return true }
        let first = try await bytes(0..<UInt64(Recognition.compressionLimit), of: work.object, context)
        return Recognition.isCompressed(first)
    }

    /// Whether the first bytes look like CSV.
    func startsAsCSV(_ work: ObjectWork, _ context: InvocationContext) async throws -> Bool {
        let first = try await bytes(0..<UInt64(Recognition.limit), of: work.object, context)
        let assumesCSV = work.converter.dialect.assumesCSV
        return Recognition(first, isAll: true, as: .utf8, assumesCSV: assumesCSV).verdict == .csv
    }

    /// Returns where the first record of an object starts, or nil if its start is invalid.
    func firstRecord(of work: ObjectWork, _ context: InvocationContext) async throws -> RecordPosition? {
        guard work.converter.mayStartLater else { return .start }
        var reader = HeaderReader(work.converter, of: work.object.sourceName)
        do {
            for try await chunk in ObjectContent(store(context), work.object, 0..<work.object.size) {
                _ = try chunk.withUnsafeBytes { try reader.add($0) }
                if let first = reader.firstRecord { return first }
            }
            try reader.end()
            return reader.firstRecord
        } catch SluiceError.badData {
            return nil
        }
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
        for work: ObjectWork,
        at position: RecordPosition,
        _ context: InvocationContext
    ) async throws -> ResumePoint? {
        if position == .start { return nil }
        var reader = HeaderReader(work.converter, of: work.object.sourceName)
        for try await chunk in ObjectContent(store(context), work.object, 0..<position.offset) {
            if try chunk.withUnsafeBytes({ try reader.add($0) }) { break }
        }
        return try reader.resumePoint(at: position)
    }
}
