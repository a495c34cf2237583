import SluiceCSV
import SluiceJSON

/// Reads records and adds them to a profile. Unlike a ``RowReader`` it goes on after an invalid record, which it notes.
struct DescriptionReader: ~Copyable {
    /// Why a run stopped.
    enum Need {
        /// No further record starts before the limit.
        case end
        /// The window holds no further whole record.
        case input
        case memory
        /// What follows can't be read.
        case invalid(CSVError)
    }

    private(set) var tokenizer: Tokenizer
    var lines: LineFinder
    var profile = TableProfile()
    private(set) var faults = Faults()

    /// Creates a reader at the start of the input or, with what the start has determined, at any later record.
    init(_ dialect: Dialect, _ kernel: Kernel, window: Window, opening: Opening? = nil) {
        tokenizer = Tokenizer(dialect: dialect, kernel: kernel, opening: opening, window: window)
        lines = LineFinder(dialect, kernel, window: window)
    }

    /// Reads the start of the input, up to the first row. Returns `end` once it is read, or if it has none.
    mutating func begin(limit: Int = .max) -> Need {
        while true {
            do throws(CSVError) {
                switch try tokenizer.begin(limit: limit) {
                case .more: return .input
                case .noMemory: return .memory
                case .end, .ready: return .end
                }
            } catch {
                if let need = note(error) { return need }
            }
        }
    }

    /// Reads the records that start before the window offset `limit`. The start of the input must have been read.
    mutating func run(limit: Int = .max) -> Need {
        guard let width = tokenizer.header?.width else { return .end }
        if profile.width != width, !profile.reserve(width: width) { return .memory }
        while true {
            do throws(CSVError) {
                if let need = try readRecords(limit: limit, width: width) { return need }
            } catch {
                if let need = note(error) { return need }
            }
        }
    }

    private mutating func readRecords(limit: Int, width: Int) throws(CSVError) -> Need? {
        switch try tokenizer.step(limit: limit) {
        case .more: return .input
        case .end: return .end
        case .record: if tokenizer.slowRecordIsRow { addSlowRecord() }
        case .indexed:
            let origin = tokenizer.index.origin
            let (quote, kernel) = (tokenizer.dialect.kernelQuote, tokenizer.kernel)
            let indexLimit = limit == .max ? .max : limit - origin
            while profile.add(&tokenizer.index, limit: indexLimit, quote: quote, kernel) {
                if try readIrregular(width: width) == false { return .input }
            }
        }
        return nil
    }

    /// Reads the next record of the index, which is blank, ragged, or one for which there is no memory.
    private mutating func readIrregular(width: Int) throws(CSVError) -> Bool {
        let index = tokenizer.index
        let (last, dialect) = (index.lastOfRecord, tokenizer.dialect)
        let count = last - index.next + 1
        let isBlank = count == 1 && index.contentEnd(of: index[last]) == index.start
        let isInvalid = isBlank ? dialect.blankLines == .error : count != width && dialect.ragged == .error
        if isInvalid || count > dialect.maxColumns {
            guard try tokenizer.readRecord() else { return false }
            if tokenizer.slowRecordIsRow { addSlowRecord() }
            return true
        }
        if !isBlank || !tokenizer.skipsBlankLines {
            profile.add(next: index, count: count, quote: dialect.kernelQuote)
        }
        tokenizer.index.start = StructuralIndex.offset(index[last]) + 1
        tokenizer.index.next = last + 1
        tokenizer.index.number += 1
        return true
    }

    private mutating func addSlowRecord() {
        profile.add(tokenizer.slowRecord, in: tokenizer.window, tokenizer.dialect)
    }

    /// Notes an error and goes on after its record. Returns why that is not possible.
    private mutating func note(_ error: CSVError) -> Need? {
        do throws(CSVError) {
            guard var reject = try tokenizer.putAside(error) else { return .input }
            if faults.isFull(error.code) {
                faults.count(error.code)
            } else {
                reject.place(&lines)
                faults.add(Faults.Fault(reject))
            }
            return nil
        } catch {
            return .invalid(error)
        }
    }

    mutating func takeFaults() -> Faults {
        defer { faults = Faults() }
        return faults
    }

    mutating func seek(to position: Int, number: UInt64) { tokenizer.seek(to: position, number: number) }

    mutating func slide(to window: Window, dropped: Int) {
        tokenizer.slide(to: window, dropped: dropped)
        lines.slide(to: window)
    }
}
