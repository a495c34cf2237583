import SluiceCSV
import SluiceJSON
import SluicePlatform

/// What a run has sent.
public struct MessageSummary: Sendable, Hashable {
    /// The number of messages with rows. The manifest does not count.
    public var messages: UInt64
    /// The number of rows in them.
    public var rows: UInt64
    /// The number of rows that were left out because they fit no message.
    public var rejected: UInt64
}

extension CSVConverter {
    /// Packs an input under a source that another run stated, which may be longer than one that a user may give.
    package func messages(
        file path: String,
        under source: SourceName,
        to sink: inout some MessageSink
    ) throws(SluiceError) {
        try finishing(&sink) { (sink) throws(SluiceError) in _ = try pack(path, source, nil, to: &sink) }
    }

    /// Packs an input without ending the output.
    ///
    /// - Parameters:
    ///   - source: The whole source; by default, what pins the input.
    ///   - checkpoint: Where to continue.
    package func pack(
        _ path: String,
        _ source: SourceName?,
        _ checkpoint: Checkpoint?,
        to sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        try check()
        let input = try open(path)
        let own = checkpoint.map { input.source.resuming($0.identity.source) } ?? input.source
        let identity = identity(source ?? own)
        let start = checkpoint ?? Checkpoint(start: identity)
        if let objection = start.objection(to: identity) {
            throw .unusable("\(objection); to start over, run without the checkpoint")
        }
        if let remote = input.remote, let rest = try rest(of: remote, from: start.position, under: identity.source) {
            return try pack(.stream(rest.source), start, rest.resume, &sink)
        }
        return try pack(try input.content(of: self), start, nil, &sink)
    }

    package func identity(_ source: SourceName) -> Identity {
        Identity(
            source: source,
            dialect: dialect,
            encoding: encoding,
            shape: shape,
            rejects: rejects,
            format: messageFormat
        )
    }

    /// Packs an opened input from a checkpoint on. With a resume point, a stream holds the input from there on; without
    /// one, all of it.
    @discardableResult
    package func messages(
        _ content: OpenedInput.Content,
        from start: Checkpoint,
        resume: ResumePoint? = nil,
        to sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        try finishing(&sink) { (sink) throws(SluiceError) in
            try check()
            return try pack(content, start, resume, &sink)
        }
    }

    private func pack(
        _ content: OpenedInput.Content,
        _ start: Checkpoint,
        _ resume: ResumePoint?,
        _ sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        if messageFormat.compression == nil { return try pack(PlainBody.self, content, start, resume, &sink) }
        return try pack(ZstdBody.self, content, start, resume, &sink)
    }

    private func pack<Body: MessageBody, Sink: MessageSink>(
        _: Body.Type,
        _ content: OpenedInput.Content,
        _ start: Checkpoint,
        _ resume: ResumePoint?,
        _ sink: inout Sink
    ) throws(SluiceError) -> MessageSummary {
        var resume = resume
        let driver = messageDriver(for: start.identity.source)
        if case .mapped(let file) = content { resume = try driver.resumePoint(of: file, at: start.position) }
        // Without a resume point the input is read from its start.
        let output = MessageOutput<Body, Sink>(sink, of: content.file, from: start, isReadAgain: resume == nil, self)
        let (end, error) = driver.run(content, output, from: resume)
        sink = end.sink
        try content.finish(after: error)
        return end.reached.tally.summary
    }

    /// Returns the manifest of an input that was packed up to its end, which is where the checkpoint is.
    package func manifest(at end: Checkpoint) -> Message { end.manifest(messageFormat, shape.schema) }

    /// Returns the aborted message of an input that was found invalid after the checkpoint.
    package func aborted(at end: Checkpoint, by error: CSVError) -> Message {
        end.aborted(by: error, messageFormat, shape.schema)
    }

    /// Whether rows are encoded as the inside of a JSON string. What zstd compresses is text.
    var escapesRows: Bool { needsEscapedBodies && messageFormat.compression == nil }

    func messageDriver(for source: SourceName) -> Driver {
        let options = RowReader.Options(
            dialect: usedDialect,
            kernel: kernel,
            separator: UInt8(ascii: messageFormat.text == .ndjson ? "\n" : ","),
            needsMarks: true,
            isEscaped: escapesRows,
            putsAside: rejects != nil,
            bufferSize: usedBufferSize,
            shape: shape,
            facts: source.facts,
            meter: meter
        )
        let segmentSize = messageFormat.segmentSize
        return Driver(
            options: options,
            threads: threads,
            // One thread compresses a segment's messages. Plain rows are packed in chunks that stay in the cache.
            chunkSize: messageFormat.compression == nil ? min(chunkSize, segmentSize) : segmentSize,
            segmentSize: segmentSize
        )
    }
}

extension Driver {
    /// Returns what a conversion of a file from that position on needs, or nil at the start.
    fileprivate func resumePoint(
        of file: MappedFile,
        at position: RecordPosition
    ) throws(SluiceError) -> ResumePoint? {
        if position == .start { return nil }
        guard position.offset <= UInt64(file.count) else { throw .checkpointPastEnd }
        var reader = RowReader(options, window: file.window)
        try reader.takeHeader(limit: Int(position.offset))
        return ResumePoint(position: position, opening: reader.tokenizer.opening, texts: reader.texts)
    }
}

extension MessageTally {
    fileprivate var summary: MessageSummary {
        MessageSummary(messages: messages, rows: rows, rejected: rejectedRows)
    }
}
