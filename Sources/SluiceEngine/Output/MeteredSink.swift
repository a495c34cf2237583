/// Passes bytes on and counts them.
package struct MeteredSink<Sink: ByteSink>: ByteSink {
    private var sink: Sink
    private let meter: Meter

    package init(_ sink: Sink, meter: Meter) {
        self.sink = sink
        self.meter = meter
    }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        try sink.write(bytes)
        meter.addOutput(bytes: bytes.count)
    }

    package mutating func finish() throws(SluiceError) { try sink.finish() }
}
