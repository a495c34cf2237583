import SluiceCSV
import SluiceJSON

/// A conversion of a stream in constant memory, from its start or, with a head, from the head's entry on.
///
/// The window holds the records that are not converted yet. Bytes are added at its end, pulled from a source or pushed by the
/// caller; the records that are whole are converted and dropped from its front; the open record at the end stays:
///
///     append a,b⏎1,2⏎3,      converts a,b⏎1,2⏎    keeps 3,
///     append 4⏎5             converts 3,4⏎        keeps 5
///     close                  converts 5
struct StreamRun<Consumer: RowConsumer>: ~Copyable {
    typealias Progress = SequentialRun<Consumer>.Progress

    private var run: SequentialRun<Consumer>
    private var window: StreamWindow
    private let maxRecord: Int
    /// Bytes that were in memory when it last converted, and not enough.
    private var seen = 0

    init(_ plan: RunPlan, _ consumer: Consumer, form: TextForm, behind head: RunHead? = nil) {
        let (dialect, kernel) = (plan.recipe.dialect, plan.recipe.kernel)
        window = StreamWindow(dialect, kernel, from: head?.entry ?? .start, form: form)
        maxRecord = dialect.maxRecord
        run = SequentialRun(
            plan.pump(on: window.window, behind: head),
            consumer: consumer,
            segmentSize: plan.segmentSize,
            meter: plan.meter
        )
    }

    var consumer: Consumer {
        get { run.consumer }
        _modify { yield &run.consumer }
    }

    /// Reads as much of the source as it takes to go on, and converts that.
    mutating func advance(from source: inout some ByteSource) throws(SluiceError) -> Progress {
        try window.fill(from: &source, maxRecord: maxRecord)
        guard try advance() == .more else { return .done }
        if let fault = window.fault { try run.abort(fault) }
        if window.isDamaged { try run.abort(.badCompression) }
        return .more
    }

    /// Adds bytes. Returns whether there are enough to go on: a long record that comes in many pieces is not looked at again
    /// with each of them.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) -> Bool {
        try window.append(bytes)
        return window.window.count >= StreamWindow.enough(beyond: seen, maxRecord: maxRecord)
    }

    /// Nothing follows what was added.
    mutating func close() { window.close() }

    /// Converts what was added, as far as records are whole.
    mutating func advance() throws(SluiceError) -> Progress {
        run.goOn(in: window.window)
        guard try run.advance() == .more else { return .done }
        run.dropConverted(from: &window)
        seen = window.window.count
        return .more
    }

    mutating func abort(_ code: CSVError.Code) throws(SluiceError) -> Never { try run.abort(code) }
    mutating func abort(_ fault: CSVError) throws(SluiceError) -> Never { try run.abort(fault) }
}
