import SluiceCSV
import SluiceEngine

/// What the start of an object determines for all of it.
extension Handler {
    /// Whether the object is compressed or in another encoding: its text has other offsets than its bytes, so a conversion
    /// can't begin in the middle.
    func mustBeReadFromStart(_ object: PinnedObject, _ context: InvocationContext) async throws -> Bool {
        if configuration.encoding != .utf8 { return true }
        return Compression.isRecognized(in: try await first(Compression.magicSize, of: object, context))
    }

    /// Whether the first bytes look like CSV.
    func startsAsCSV(_ object: PinnedObject, _ context: InvocationContext) async throws -> Bool {
        let first = try await first(Recognition.limit, of: object, context)
        let recognition = Recognition(as: .utf8, assumesCSV: configuration.dialect.assumesCSV)
        return recognition.verdict(first, isAll: true) == .csv
    }

    private func first(_ count: Int, of object: PinnedObject, _ context: InvocationContext) async throws -> [UInt8] {
        var first: [UInt8] = []
        let range = 0..<min(object.size, UInt64(count))
        for try await chunk in ObjectContent(store(context), object, range) { chunk.withUnsafeBytes { first += $0 } }
        return first
    }

    /// Returns what a conversion from `position` requires, or nil at the start.
    func resumePoint(
        of object: PinnedObject,
        at position: RecordPosition,
        _ context: InvocationContext
    ) async throws -> ResumePoint? {
        if position == .start { return nil }
        var reader = HeaderReader(converter)
        for try await chunk in ObjectContent(store(context), object, 0..<position.offset) {
            if try chunk.withUnsafeBytes({ try reader.add($0) }) { break }
        }
        return try reader.resumePoint(at: position)
    }
}
