import SluiceCSV
import SluiceJSON
import SluiceSystem

/// What a run of messages came to.
public struct MessageSummary: Sendable, Hashable {
    /// Messages with rows; the last one, the manifest, does not count.
    public var messages: UInt64
    /// Rows in them.
    public var rows: UInt64
    /// Rows that were left out because they fit no message.
    public var rejected: UInt64
}

extension Sluice {
    /// Packs the rows of the file at a path, or of standard input as `-`, into messages, and sends them in order; the
    /// last is a manifest.
    ///
    /// The same input under the same configuration gives the same messages, however many threads there are. `source`, 1 to
    /// 480 bytes of printable ASCII, is all of ``Message/source``; without it, that is the file's name with its size and the
    /// time it was last written to, or, of what is no regular file, its name with random digits. If the
    /// input is invalid, the messages before the fault and a last one of the kind ``Message/Content/aborted`` have been
    /// sent when the error is thrown. However the run ends, ``MessageSink/finish()`` is called last. Memory is `threads` ×
    /// about 10 MiB and the longest record.
    ///
    /// With a checkpoint, those before it are left out, and counted in the manifest and in what is returned. It must be one
    /// that a run of the same input under the same configuration reached; ``SluiceError/unusable(_:)`` says why another
    /// can't be used. What comes before it is not converted again, and of an object in a store not even read, unless the
    /// input can only be read in order: then it is, and an input that ends before the checkpoint, or has other rows before
    /// it, is refused too.
    @discardableResult
    public func messages(
        file path: String,
        source name: String? = nil,
        from checkpoint: Checkpoint? = nil,
        to sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        try ending(&sink) { (sink) throws(SluiceError) in
            try check()
            let source = name.flatMap { SourceName(given: $0) }
            if name != nil, source == nil { throw .misuse("a source is \(SourceName.rule)") }
            return try pack(path, source, checkpoint, &sink)
        }
    }

    /// The same under a source that another run told, which may be longer than one that is given.
    package func messages(
        file path: String,
        under source: SourceName,
        to sink: inout some MessageSink
    ) throws(SluiceError) {
        try ending(&sink) { (sink) throws(SluiceError) in
            try check()
            _ = try pack(path, source, nil, &sink)
        }
    }

    private func pack(
        _ path: String,
        _ source: SourceName?,
        _ checkpoint: Checkpoint?,
        _ sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        let input = try open(path)
        let own = checkpoint.map { input.source.resuming($0.identity.source) } ?? input.source
        let identity = identity(source ?? own)
        let start = checkpoint ?? Checkpoint(start: identity)
        if let objection = start.objection(to: identity) {
            throw .unusable("\(objection); to start anew, run without the checkpoint")
        }
        if let remote = input.remote, let rest = try rest(of: remote, from: start.position) {
            return try pack(.stream(rest.source), start, rest.resume, &sink)
        }
        return try pack(try input.content(of: self), start, nil, &sink)
    }

    package func identity(_ source: SourceName) -> Identity {
        Identity(source: source, dialect: dialect, encoding: encoding, format: messageFormat)
    }

    /// With a resume point, a stream holds the input after the checkpoint; without one, all of it.
    @discardableResult
    package func messages(
        _ content: InputFile.Content,
        from start: Checkpoint,
        resume: ResumePoint? = nil,
        to sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        try ending(&sink) { (sink) throws(SluiceError) in
            try check()
            return try pack(content, start, resume, &sink)
        }
    }

    private func pack(
        _ content: InputFile.Content,
        _ start: Checkpoint,
        _ resume: ResumePoint?,
        _ sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        if messageFormat.compression == nil { return try pack(PlainBody.self, content, start, resume, &sink) }
        return try pack(ZstdBody.self, content, start, resume, &sink)
    }

    private func pack<Body: MessageBody, Sink: MessageSink>(
        _: Body.Type,
        _ content: InputFile.Content,
        _ start: Checkpoint,
        _ resume: ResumePoint?,
        _ sink: inout Sink
    ) throws(SluiceError) -> MessageSummary {
        switch content {
        case .stream(var source):
            let intact = TruncationCheck(input: ChangeableInput(source.file), sink: sink)
            // Made from the start, where it can't be read from elsewhere.
            let output = MessageOutput<Body, ResumingSink<TruncationCheck<Sink>>>(
                ResumingSink(resume == nil ? start : nil, sink: intact),
                from: resume == nil ? Checkpoint(start: start.identity) : start,
                messageFormat,
                meter
            )
            let (end, error) = messageDriver.run(&source, output, from: resume)
            sink = end.sink.sink.sink
            try intact.checkUnchanged()
            if let error { throw error }
            return end.tally.summary
        case .mapped(let file):
            let intact = TruncationCheck(input: .mapped(file), sink: sink)
            let output = MessageOutput<Body, TruncationCheck<Sink>>(intact, from: start, messageFormat, meter)
            let (end, error) = messageDriver.run(file, output, from: try resumePoint(of: file, at: start.position))
            sink = end.sink.sink
            try intact.checkUnchanged()
            if let error { throw error }
            return end.tally.summary
        }
    }

    /// The last message of an input that was made into messages up to its end, which the checkpoint is.
    package func manifest(at end: Checkpoint) -> Message { report(end).manifest }

    /// The same for one that turned out to be invalid after the checkpoint.
    package func aborted(at end: Checkpoint, by error: CSVError) -> Message { report(end).aborted(by: error) }

    private func report(_ end: Checkpoint) -> Manifest {
        Manifest(identity: end.identity, format: messageFormat, tally: end.tally, end: end.offset)
    }

    /// What a conversion of a file from that position on needs; nil at the start.
    private func resumePoint(
        of file: MappedFile,
        at position: RecordPosition
    ) throws(SluiceError) -> ResumePoint? {
        if position == .start { return nil }
        guard position.offset <= UInt64(file.count) else { throw .checkpointBehindEnd }
        var reader = RowReader(messageDriver.options, window: file.window)
        try reader.takeHeader(limit: Int(position.offset))
        return ResumePoint(position: position, keys: reader.keys)
    }

    var messageDriver: Driver {
        let options = RowReader.Options(
            dialect: dialect,
            kernel: kernel,
            separator: UInt8(ascii: messageFormat.text == .ndjson ? "\n" : ","),
            needsMarks: true,
            bufferSize: bufferSize,
            hints: meter?.hints
        )
        let segmentSize = messageFormat.segmentSize
        return Driver(
            options: options,
            threads: threads,
            // A segment's messages are compressed by one thread; rows as they are come in units that stay in cache.
            chunkSize: messageFormat.compression == nil ? min(chunkSize, segmentSize) : segmentSize,
            segmentSize: segmentSize,
            meter: meter
        )
    }
}

extension MessageTally {
    fileprivate var summary: MessageSummary {
        MessageSummary(messages: messages, rows: rows, rejected: rejectedRows)
    }
}
