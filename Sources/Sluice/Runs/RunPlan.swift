import SluiceCSV
import SluiceJSON

/// How an input is run, whatever becomes of its rows: the same rows to the same consumer in each way.
struct RunPlan {
    var recipe: RowPump.Recipe
    var threads: Int
    /// Bytes of input that a thread takes at a time; divides the segment size.
    var unitSize: Int
    var segmentSize: Int
    var meter: Meter?

    /// Runs a stream in constant memory. Returns the consumer, and why the run ended early.
    ///
    /// With a head, the stream is what the input holds from the head's entry on.
    func run<Consumer: RowConsumer>(
        _ source: inout some ByteSource,
        _ consumer: Consumer,
        behind head: RunHead? = nil
    ) -> (consumer: Consumer, error: SluiceError?) {
        var run = StreamRun(self, consumer, form: source.form, behind: head)
        do throws(SluiceError) {
            while try run.advance(from: &source) == .more {}
            return (run.consumer, nil)
        } catch {
            return (run.consumer, error)
        }
    }

    /// Runs a mapped file, all of it or, with a head, from the head's entry on.
    func run<Consumer: RowConsumer>(
        _ file: MappedFile,
        _ consumer: Consumer,
        behind head: RunHead? = nil
    ) -> (consumer: Consumer, error: SluiceError?) {
        var run = SequentialRun(
            pump(on: file.window, behind: head),
            consumer: consumer,
            segmentSize: segmentSize,
            meter: meter
        )
        do throws(SluiceError) {
            // The header is read first, so that all threads can be given its keys; without one there is nothing to share.
            if threads > 1, file.count > unitSize, let keys = try keys(behind: head, &run) {
                return runInParallel(file, keys, from: run.position(), run.consumer)
            }
            _ = try run.advance()
            return (run.consumer, nil)
        } catch {
            return (run.consumer, error)
        }
    }

    /// A pump at the start of the input or, with a head, of that entry's record, which the window holds.
    func pump(on window: Window, behind head: RunHead?) -> RowPump {
        var pump = RowPump(recipe, window: window, keys: head?.keys)
        if let entry = head?.entry { pump.move(to: Int(entry.offset - window.offset), number: entry.number) }
        return pump
    }

    private func keys<Consumer: RowConsumer>(
        behind head: RunHead?,
        _ run: inout SequentialRun<Consumer>
    ) throws(SluiceError) -> KeyTable? {
        if let keys = head?.keys { return keys }
        return try run.readHeader()
    }

    private func runInParallel<Consumer: RowConsumer>(
        _ file: MappedFile,
        _ keys: KeyTable,
        from start: RecordPosition,
        _ consumer: Consumer
    ) -> (consumer: Consumer, error: SluiceError?) {
        var plan = self
        plan.unitSize = unitSize(for: file, behind: Int(start.offset), emptyRow: keys.emptyRowLength)
        return ParallelRun(file, plan: plan, keys: keys, from: start, consumer: consumer).run()
    }

    /// Units whose rows are likely to fit a buffer: where keys are much longer than values, smaller ones. A unit whose rows
    /// do not fit waits for its turn, and everybody behind it does too.
    ///
    /// With records of 20 bytes and 400 bytes of keys, a row is 21 times its record: units of 64 KiB for a buffer of 2 MiB.
    private func unitSize(for file: MappedFile, behind position: Int, emptyRow: Int) -> Int {
        // A segment that is to be one unit stays one.
        guard unitSize < segmentSize else { return unitSize }
        let count = min(file.count - position, Self.sampleSize)
        let sample = Summary(
            file.window.base + position,
            count: count,
            next: nil,
            dialect: recipe.dialect,
            kernel: recipe.kernel
        )
        let record = max(1, count / max(1, sample.outside.count))
        var size = unitSize
        while size > Self.smallestUnit, size / record * (record + emptyRow) > recipe.bufferSize * 3 / 4 { size /= 2 }
        return size
    }

    private static var sampleSize: Int { 1 << 16 }
    private static var smallestUnit: Int { 1 << 14 }
}
