import SluiceCSV
import SluiceJSON

/// Converts a stream in constant memory, from its start or from a resume point.
///
/// The window holds the records that are not converted yet. Bytes are appended, pulled from a source or pushed by the caller;
/// whole records are converted and dropped from the front; the open record at the end stays:
///
///     append a,b⏎1,2⏎3,      converts a,b⏎1,2⏎    keeps 3,
///     append 4⏎5             converts 3,4⏎        keeps 5
///     close                  converts 5
struct StreamConverter<Out: Output>: ~Copyable {
    typealias Progress = Converter<Out>.Progress

    private var converter: Converter<Out>
    private var window: StreamWindow

    init(_ driver: Driver, _ output: Out, form: TextForm, from resume: ResumePoint? = nil) {
        let (dialect, kernel) = (driver.options.dialect, driver.options.kernel)
        window = StreamWindow(dialect, kernel, from: resume?.position ?? .start, form: form)
        converter = Converter(
            driver.reader(on: window.window, from: resume),
            output: output,
            segmentSize: driver.segmentSize,
            meter: driver.meter
        )
    }

    var output: Out {
        get { converter.output }
        _modify { yield &converter.output }
    }

    /// Reads as much of the source as a conversion needs to advance, and converts it.
    mutating func advance(from source: inout some ByteSource) throws(SluiceError) -> Progress {
        try window.fill(from: &source)
        guard try advance() == .more else { return .done }
        if let fault = window.fault { try converter.abort(fault) }
        if window.isDamaged { try converter.abort(.badCompression) }
        return .more
    }

    /// Appends bytes. Returns whether there are enough to advance.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) -> Bool { try window.append(bytes) }

    /// Marks the end of the input.
    mutating func close() { window.close() }

    /// Converts the records that are whole.
    mutating func advance() throws(SluiceError) -> Progress {
        converter.extend(to: window.window)
        guard try converter.advance() == .more else { return .done }
        converter.dropConverted(from: &window)
        return .more
    }

    mutating func abort(_ code: CSVError.Code) throws(SluiceError) -> Never { try converter.abort(code) }
    mutating func abort(_ fault: CSVError) throws(SluiceError) -> Never { try converter.abort(fault) }
}
