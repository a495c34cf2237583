import SluiceCSV

/// Passes bytes on as long as the file that they were made from is whole.
///
/// What is read from a mapped file behind a new, earlier end is zeros. Rows are made before they are written, so asking
/// here, before each write, keeps rows of such zeros from getting out.
struct IntactFileSink<Sink: ByteSink>: ByteSink {
    let file: MappedFile
    var sink: Sink

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        try check()
        try sink.write(bytes)
    }

    func check() throws(SluiceError) {
        if file.isTorn { throw .input(SystemFault("read", path: "", code: 0)) }
    }
}
