import SluiceCSV
import SluiceJSON

/// What a run needs to begin anywhere but at the start of its input: where, and what the header says.
package struct RunHead: Sendable {
    package let entry: RecordPosition
    /// Nil: nothing but blank lines stands before the entry.
    let keys: KeyTable?
}

/// Reads the header of a stream, whose bytes are pushed by the caller or pulled from a source.
package struct HeadReader: ~Copyable {
    private var stream: StreamWindow
    private var pump: RowPump
    private let maxRecord: Int
    /// Bytes that were in memory when it last read on, and not enough.
    private var seen = 0

    package init(_ sluice: Sluice) { self.init(sluice.messagePlan.recipe) }

    init(_ recipe: RowPump.Recipe, form: TextForm = .asStored) {
        stream = StreamWindow(recipe.dialect, recipe.kernel, form: form)
        maxRecord = recipe.dialect.maxRecord
        pump = RowPump(recipe, window: stream.window)
    }

    /// Takes further bytes of the input; true: that is enough.
    ///
    /// - Throws: what is wrong with the header.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) -> Bool {
        try stream.append(bytes)
        if stream.window.count < StreamWindow.enough(beyond: seen, maxRecord: maxRecord) { return false }
        return try readOn()
    }

    /// Reads from the source up to the first record behind the header, or to the end of what can be read.
    ///
    /// - Throws: what is wrong with the header, or with reading the source.
    mutating func read(from source: inout some ByteSource) throws(SluiceError) {
        while stream.isOpen {
            try stream.fill(from: &source, maxRecord: maxRecord)
            if try readOn() { return }
        }
    }

    /// What a run from that entry on begins with, when enough, or all bytes up to there, were added.
    package mutating func head(for entry: RecordPosition) throws(SluiceError) -> RunHead {
        if pump.keys == nil {
            stream.close()
            _ = try readOn()
        }
        return RunHead(entry: entry, keys: pump.keys)
    }

    private mutating func readOn() throws(SluiceError) -> Bool {
        guard pump.keys == nil else { return true }
        pump.slide(to: stream.window, dropped: 0)
        try pump.takeHeader()
        if pump.keys != nil { return true }
        let dropped = pump.tokenizer.position
        stream.drop(dropped)
        pump.slide(to: stream.window, dropped: dropped)
        seen = stream.window.count
        return false
    }
}
