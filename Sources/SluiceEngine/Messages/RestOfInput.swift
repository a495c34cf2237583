import SluiceCSV

extension CSVConverter {
    /// Returns the bytes of an input from a position on, and the resume point for them. Only the header is read of what
    /// comes before. Returns nil if the input must be read from its start: because the position is the start, or because
    /// the input is compressed or transcoded, and the position counts bytes of the resulting text.
    func rest(
        of input: RemoteInput,
        from position: RecordPosition,
        under source: SourceName
    ) throws(SluiceError) -> (source: any ByteSource, resume: ResumePoint)? {
        guard position != .start, encoding == .utf8 else { return nil }
        var reader = HeaderReader(self, of: source)
        var offset: UInt64 = 0
        while true {
            let piece = try input.piece(at: offset, upTo: Self.headPiece)
            if offset == 0 {
                if Recognition.isCompressed(Array(piece.prefix(Recognition.compressionLimit))) { return nil }
                guard position.offset <= input.size else { throw .checkpointPastEnd }
            }
            let part = piece.prefix(Int(min(position.offset - offset, UInt64(piece.count))))
            let isEnough = try part.withUnsafeBufferPointer { (part) throws(SluiceError) in
                try reader.add(UnsafeRawBufferPointer(part))
            }
            offset += UInt64(part.count)
            if isEnough || part.isEmpty || offset == position.offset { break }
        }
        return (input.bytes(position.offset..<input.size), try reader.resumePoint(at: position))
    }

    /// Bytes that are read at a time until the header is known. Nearly always the first read suffices.
    private static var headPiece: Int { 1 << 16 }
}
