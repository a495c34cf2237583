import SluiceCSV

extension Sluice {
    /// What an input that can be read from anywhere holds after a place, and what a run there begins with: so what comes
    /// before need not be read but for the header. Nil: it must be read from the start, because that is the place, or
    /// because it is compressed or transcoded and the place is one in what comes of that.
    func rest(
        of input: RemoteInput,
        from position: RecordPosition
    ) throws(SluiceError) -> (source: any ByteSource, resume: ResumePoint)? {
        guard position != .start, encoding == .utf8 else { return nil }
        var reader = HeaderReader(self)
        var offset: UInt64 = 0
        while true {
            let piece = try input.piece(at: offset, upTo: Self.headPiece)
            if offset == 0 {
                if case .known(.some) = Compression.of(Array(piece.prefix(4))) { return nil }
                guard position.offset <= input.size else { throw .checkpointBehindEnd }
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

    /// Bytes that are read at a time until the header is known; nearly always the first are enough.
    private static var headPiece: Int { 1 << 16 }
}
