public import SluiceEngine

extension CSVConverter {
    /// Converts the file at a path, or standard input as `-`.
    ///
    /// Gzip and zstd are recognized by the first bytes and decompressed.
    ///
    /// - Returns: The number of rows.
    /// - Throws: ``SluiceError``. If the input is invalid, the rows before the invalid record were written.
    @discardableResult
    public func convert(file path: String, to sink: inout some ByteSink) throws(SluiceError) -> UInt64 {
        try convert(to: &sink) { () throws(SluiceError) in
            let input = try open(path)
            return (try input.content(of: self), input.source)
        }
    }

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
}
