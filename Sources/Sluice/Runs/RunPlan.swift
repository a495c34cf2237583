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
    func run<Consumer: RowConsumer>(
        _ source: inout some ByteSource,
        _ consumer: Consumer
    ) -> (consumer: Consumer, error: SluiceError?) {
        var stream = StreamWindow()
        var run = SequentialRun(
            RowPump(recipe, window: stream.window),
            consumer: consumer,
            segmentSize: segmentSize,
            meter: meter
        )
        do throws(SluiceError) {
            var progress = SequentialRun<Consumer>.Progress.more
            while progress == .more {
                let dropped = run.pump.tokenizer.position
                stream.drop(dropped)
                try stream.fill(from: &source)
                run.slide(to: stream.window, dropped: dropped)
                progress = try run.advance()
                if progress == .more, stream.isDamaged { try run.abort(.badCompression) }
            }
            return (run.consumer, nil)
        } catch {
            return (run.consumer, error)
        }
    }

    /// Runs a mapped file.
    func run<Consumer: RowConsumer>(
        _ file: MappedFile,
        _ consumer: Consumer
    ) -> (consumer: Consumer, error: SluiceError?) {
        var run = SequentialRun(
            RowPump(recipe, window: file.window),
            consumer: consumer,
            segmentSize: segmentSize,
            meter: meter
        )
        do throws(SluiceError) {
            // The header is read first, so that all threads can be given its keys; without one there is nothing to share.
            if threads > 1, file.count > unitSize, let keys = try run.readHeader() {
                return runInParallel(file, keys, run)
            }
            _ = try run.advance()
            return (run.consumer, nil)
        } catch {
            return (run.consumer, error)
        }
    }

    private func runInParallel<Consumer: RowConsumer>(
        _ file: MappedFile,
        _ keys: KeyTable,
        _ start: borrowing SequentialRun<Consumer>
    ) -> (consumer: Consumer, error: SluiceError?) {
        let run = ParallelRun(
            file,
            plan: self,
            keys: keys,
            position: start.pump.tokenizer.position,
            number: start.pump.tokenizer.tile.number,
            consumer: start.consumer
        )
        return run.run()
    }
}
