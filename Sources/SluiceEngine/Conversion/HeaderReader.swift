import SluiceCSV
import SluiceJSON

/// What a conversion needs to start anywhere but at the start of its input.
package struct ResumePoint: Sendable {
    package var position: RecordPosition
    /// What the input has determined before the position.
    let opening: Opening
    /// The rows' texts; nil if the header or skipped records come after the position.
    let texts: RowTexts?
}

/// Reads the header of a stream whose bytes are pushed by the caller or pulled from a source.
package struct HeaderReader: ~Copyable {
    private var stream: StreamWindow
    private var reader: RowReader

    /// Creates a reader of the header of an input with that source.
    package init(_ converter: CSVConverter, of source: SourceName) {
        self.init(converter.messageDriver(for: source).options)
    }

    init(_ options: RowReader.Options, form: TextForm = .asStored) {
        stream = StreamWindow(options.dialect, options.kernel, form: form)
        reader = RowReader(options, window: stream.window)
    }

    /// Appends bytes. Returns whether the header is read.
    ///
    /// - Throws: What is wrong with the header.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) -> Bool {
        try stream.append(bytes) ? try readHeader() : false
    }

    /// Reads the source up to the first record after the header, or to the end of what can be read.
    ///
    /// - Throws: What is wrong with the header, or with reading the source.
    mutating func read(from source: inout some ByteSource) throws(SluiceError) {
        while stream.isOpen {
            try stream.fill(from: &source)
            if try readHeader() { return }
        }
    }

    /// Returns the resume point at a position. Call it once the header is read, or all bytes up to the position were
    /// appended.
    package mutating func resumePoint(at position: RecordPosition) throws(SluiceError) -> ResumePoint {
        try end()
        return ResumePoint(position: position, opening: reader.tokenizer.opening, texts: reader.texts)
    }

    /// Ends the input, unless its header is read.
    package mutating func end() throws(SluiceError) {
        guard reader.texts == nil else { return }
        stream.close()
        _ = try readHeader()
    }

    /// Where the first record starts, once enough was read.
    package var firstRecord: RecordPosition? { reader.tokenizer.opening.firstRecord }

    private mutating func readHeader() throws(SluiceError) -> Bool {
        if reader.texts != nil { return true }
        reader.slide(to: stream.window, dropped: 0)
        try reader.takeHeader()
        if reader.texts != nil { return true }
        let dropped = reader.tokenizer.position
        stream.drop(dropped)
        reader.slide(to: stream.window, dropped: dropped)
        return false
    }
}
