public import SluiceEngine

extension CSVConverter {
    /// Packs the rows of a file into messages, and sends them in order. The last message is a manifest.
    ///
    /// The same input under the same configuration gives the same messages, with any number of threads. If the input is
    /// invalid, the messages before the invalid record and an ``Message/Content/aborted`` message were sent when the error
    /// is thrown. However the run ends, ``MessageSink/finish()`` is called last. Memory is about 10 MiB per thread plus the
    /// longest record.
    ///
    /// - Parameters:
    ///   - path: The path of a file, or `-` for standard input.
    ///   - name: The whole ``Message/source``, 1 to 480 bytes of printable ASCII. The default is the file's name with its
    ///     size and modification time or, if it is not a regular file, with random digits.
    ///   - checkpoint: One that a run of the same input under the same configuration reached. The messages before it are
    ///     left out, but counted in the manifest and in the summary. What comes before it is not converted again, and of an
    ///     object in a store not even read. If the input can only be read in order, it is read and converted again, and
    ///     refused if it ends before the checkpoint or has other rows before it.
    ///   - sink: Takes the messages in order.
    /// - Returns: What was sent.
    /// - Throws: ``SluiceError``; ``SluiceError/unusable(_:)`` states why the checkpoint can't be used.
    @discardableResult
    public func messages(
        file path: String,
        source name: String? = nil,
        from checkpoint: Checkpoint? = nil,
        to sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        try finishing(&sink) { (sink) throws(SluiceError) in
            let source = name.flatMap { SourceName(given: $0) }
            if name != nil, source == nil { throw .misuse("a source is \(SourceName.rule)") }
            return try pack(path, source, checkpoint, to: &sink)
        }
    }

    /// Packs the rows of a file into messages, and passes them to a closure in order; the last is a manifest or, if the file is
    /// invalid, an ``Message/Content/aborted`` message.
    ///
    ///     try CSVConverter().messages(file: "orders.csv") { try queue.put($0) }
    ///
    /// - Parameters:
    ///   - path: The path of a file, or `-` for standard input.
    ///   - name: The whole ``Message/source``; see ``messages(file:source:from:to:)``.
    ///   - send: Takes a message. After an error it is not called again.
    /// - Returns: What was sent.
    /// - Throws: ``ConversionError``, which holds the closure's own error. With a closure that throws nothing, it is ``SluiceError``.
    @discardableResult
    public func messages<Failure: Error>(
        file path: String,
        source name: String? = nil,
        _ send: (Message) throws(Failure) -> Void
    ) throws(ConversionError<Failure>) -> MessageSummary {
        try passing(path, name, send)
    }

    /// Packs the rows of a file into messages in the same way, and passes them to a closure that throws nothing.
    ///
    /// - Parameters:
    ///   - path: The path of a file, or `-` for standard input.
    ///   - name: The whole ``Message/source``; see ``messages(file:source:from:to:)``.
    ///   - send: Takes a message.
    /// - Returns: What was sent.
    /// - Throws: ``SluiceError``.
    @discardableResult
    public func messages(
        file path: String,
        source name: String? = nil,
        _ send: (Message) -> Void
    ) throws(SluiceError) -> MessageSummary {
        do throws(ConversionError<Never>) { return try passing(path, name, send) } catch { throw error.cause }
    }

    private func passing<Failure: Error>(
        _ path: String,
        _ name: String?,
        _ send: (Message) throws(Failure) -> Void
    ) throws(ConversionError<Failure>) -> MessageSummary {
        try withoutActuallyEscaping(send) { (send) throws(ConversionError<Failure>) in
            var sink = SendingSink(send: send)
            do throws(SluiceError) { return try messages(file: path, source: name, to: &sink) } catch {
                throw ConversionError(error, sink.failure)
            }
        }
    }
}

/// Passes messages to a closure, and keeps its error.
private struct SendingSink<Failure: Error>: MessageSink {
    let send: (Message) throws(Failure) -> Void
    var failure: Failure?

    mutating func send(_ message: Message) throws(SluiceError) {
        do throws(Failure) { try send(message) } catch {
            failure = error
            throw .sinkFailed
        }
    }

    mutating func reject(_ error: CSVError) {}
    mutating func finish() {}
}
