import SluiceCSV

/// A conversion whose input is pushed to it.
struct StreamRun<Out: Output>: ~Copyable {
    private var stream: StreamWindow
    private var converter: Converter<Out>
    /// Why nothing further is converted.
    private(set) var failure: SluiceError?
    private(set) var isDone = false
    /// Decodes the bytes to UTF-8, if necessary; `decoded` has the text that is not converted yet.
    private var decoder: TextDecoder?
    private var decoded: [UInt8] = []

    init(_ settings: CSVConverter, _ driver: Driver, _ output: Out, from resume: ResumePoint?) {
        decoder = TextDecoder(settings.encoding, assumesCSV: settings.dialect.assumesCSV)
        let (dialect, kernel) = (driver.options.dialect, driver.options.kernel)
        let stream = StreamWindow(dialect, kernel, form: settings.encoding.textForm, from: resume)
        converter = Converter(driver, stream.window, output, from: resume)
        self.stream = stream
    }

    var output: Out {
        get { converter.output }
        _modify { yield &converter.output }
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard decoder != nil else { return convert(bytes) }
        decoder?.decode(bytes, to: &decoded)
        convertDecoded()
    }

    /// Ends the input. `isDamaged` states that more bytes exist but cannot be read.
    mutating func end(isDamaged: Bool) {
        decoder?.finish(&decoded, isDamaged: isDamaged)
        convertDecoded()
        attempt { (run) throws(SluiceError) in
            run.stream.close(isDamaged: isDamaged)
            return try run.converter.advance(in: &run.stream)
        }
    }

    private mutating func convert(_ bytes: UnsafeRawBufferPointer) {
        attempt { (run) throws(SluiceError) in
            try run.stream.append(bytes) ? try run.converter.advance(in: &run.stream) : .more
        }
    }

    private mutating func convertDecoded() {
        let text = decoded
        decoded = []
        text.withUnsafeBytes { convert($0) }
        decoded = text
        decoded.removeAll(keepingCapacity: true)
        if let fault = decoder?.fault { attempt { (run) throws(SluiceError) in try run.converter.abort(fault) } }
    }

    /// Runs a step, unless an earlier one failed.
    private mutating func attempt(_ step: (inout StreamRun) throws(SluiceError) -> Converter<Out>.Progress) {
        guard failure == nil else { return }
        do throws(SluiceError) { isDone = try step(&self) == .done } catch { failure = error }
    }
}
