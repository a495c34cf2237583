import CSluiceKernels

/// From bytes to records, a tile at a time.
///
/// A tile starts where a record starts, so it needs to know nothing of what came before: the kernel indexes it in one
/// call, and the records that end in it are given out together. The open record at its end is indexed again as the start
/// of the next tile. Where the index cannot be believed (a quote where RFC 4180 allows none, ill-formed UTF-8) or does
/// not reach the end of one record, that record alone is read byte by byte, and the next tile starts after it:
///
///     tile    a,b⏎c,d⏎12" x,5⏎e,f⏎…     a violation at the quote in the third record
///     step    .tile                      a,b⏎c,d⏎
///     step    .record                    12" x,5⏎   exact, or an error
///     step    .tile                      e,f⏎…
///
/// After a record of the second kind tiles start small again, so that an input full of them costs little more.
package struct Tokenizer: ~Copyable {
    package enum Step {
        /// ``Tokenizer/tile`` has records to read.
        case tile
        /// ``Tokenizer/raw`` is the next record, checked, and already counted as read.
        case record
        /// The window holds no whole record; it must grow, best to twice what is left in it.
        case more
        /// There is no record that starts before the limit.
        case end
    }

    static let smallestTile = 1 << 10
    static let usualTile = 1 << 15
    static let largestTile = 1 << 24

    package let dialect: Dialect
    package let kernel: Kernel
    package internal(set) var header: Header?
    /// The records to read next, and how far they are read. Readers move it on.
    package var tile: Tile
    /// The record that the last ``Step/record`` is about, in the window as it was then.
    package internal(set) var raw = SlowRecordParser()
    package private(set) var window: Window
    /// What was accepted in records that were read byte by byte, and in the header.
    var repairs = Repairs()

    private let kernelDialect: sluice_dialect
    private var index = TileIndex()
    private var tileSize: Int
    /// A record that ends in a tile of that size is not too long, so that nobody need ask.
    private let largest: Int

    /// A tokenizer of an input from its start, or, with a header, from any record on.
    package init(dialect: Dialect, kernel: Kernel, header: Header? = nil, window: Window) {
        self.dialect = dialect
        self.kernel = kernel
        self.header = header
        self.window = window
        kernelDialect = dialect.forKernel
        largest = min(Tokenizer.largestTile, dialect.maxRecord)
        tileSize = min(Tokenizer.usualTile, largest)
        tile = Tile(
            bytes: window.base,
            ends: index.ends,
            specials: index.specials,
            complete: 0,
            number: 1,
            origin: 0
        )
    }

    /// Takes the memory for a usual tile. False: there is none.
    package mutating func reserve() -> Bool { index.reserve(Tokenizer.usualTile) }

    /// Window offset of the next record's first byte; the end of the window behind a record that the input's end ends.
    package var position: Int { min(tile.origin + tile.start, window.count) }

    /// Goes to the record with that number, whose first byte is at that window offset.
    package mutating func move(to position: Int, number: UInt64) {
        tile.complete = 0
        tile.next = 0
        tile.start = 0
        tile.origin = position
        tile.number = number
    }

    /// Takes a new window, whose first byte is `dropped` bytes after the old one's.
    package mutating func slide(to window: Window, dropped: Int) {
        let position = position - dropped
        self.window = window
        move(to: position, number: tile.number)
    }

    /// Finds what comes next among the records that start before the window offset `limit`.
    package mutating func step(limit: Int = .max) throws(CSVError) -> Step {
        if position >= limit { return .end }
        if tile.next < tile.complete { return .tile }
        if position == window.count { return window.isLast ? .end : .more }
        return try fillTile() ? .tile : readRecord() ? .record : .more
    }

    /// Reads the next record byte by byte and checks it. False: it goes on beyond the window.
    ///
    /// For records that a reader of ``tile`` found to have the wrong shape this throws, if the dialect says so.
    package mutating func readRecord() throws(CSVError) -> Bool {
        do throws(CSVError) { return try readNamelessRecord() } catch { throw named(error) }
    }

    private mutating func readNamelessRecord() throws(CSVError) -> Bool {
        let width = header?.width
        guard try window.form.isDecoded ? scanDecodedRecord() : scanRecord() else { return false }
        guard try checkShape() else { return false }
        if dialect.invalidUTF8 == .error, let error = raw.illFormedUTF8(window, number: tile.number) { throw error }
        if dialect.repairs {
            let expected = rawIsRow ? width : nil
            raw.note(in: &repairs, window, number: tile.number, dialect: dialect, width: expected)
        }
        move(to: raw.next, number: tile.number + 1)
        return true
    }

    /// What was accepted since this was last asked, but for what a reader of ``tile`` accepts.
    package mutating func takeRepairs() -> Repairs { repairs.take() }

    mutating func scanRecord() throws(CSVError) -> Bool {
        try raw.scan(window, from: position, number: tile.number, dialect: dialect, width: header?.width)
    }

    /// Indexes the tile at the position. False: its first record is not whole in it or must be read byte by byte.
    private mutating func fillTile() throws(CSVError) -> Bool {
        let origin = position
        while true {
            let available = window.count - origin
            var count = min(tileSize, available)
            let isLast = window.isLast && count == available
            // Whether a CR is half of a line end is seen with the byte after it.
            if !isLast, window.base[origin + count - 1] == 0x0D { count -= 1 }
            let bytes = window.base + origin
            // Without memory for it, the record is read byte by byte.
            guard index.reserve(count) else { return false }
            let found = index.fill(bytes, count: count, isLast: isLast, dialect: kernelDialect, kernel: kernel)
            tile = Tile(
                bytes: bytes,
                ends: index.ends,
                specials: index.specials,
                complete: found.complete,
                number: tile.number,
                origin: origin
            )
            tile.hasBareCR = found.bare_cr != 0
            if found.non_ascii != 0 { dropIllFormed() }
            let isClean = found.violation == count && tile.complete == found.complete
            let isWhole = count + 1 >= available || count + 1 >= largest
            if tile.complete > 0 || !isClean || isWhole {
                let next = isClean ? min(tileSize * 2, Tokenizer.usualTile) : Tokenizer.smallestTile
                tileSize = min(next, largest)
                return tile.complete > 0
            }
            tileSize = min(tileSize * 2, largest)
        }
    }

    /// Takes the first record with ill-formed UTF-8, and all behind it, out of the tile.
    private mutating func dropIllFormed() {
        guard tile.complete > 0 else { return }
        let end = Tile.offset(tile.ends[tile.complete - 1])
        if kernel.isUTF8(tile.bytes, count: end) { return }
        guard let illFormed = UTF8Text.firstIllFormed(tile.bytes, from: 0, to: end) else { return }
        while tile.complete > 0, !isRecordEnd(before: illFormed) { tile.complete -= 1 }
    }

    private func isRecordEnd(before offset: Int) -> Bool {
        let end = tile.ends[tile.complete - 1]
        return end & Tile.record != 0 && Tile.offset(end) < offset
    }
}
