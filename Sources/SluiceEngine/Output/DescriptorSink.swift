import SluicePlatform

/// Writes to an open descriptor.
package struct DescriptorSink: ByteSink {
    package typealias Failure = SluiceError

    let descriptor: Int32
    let path: String
    /// Counts what is written.
    package var meter: Meter?

    /// Creates a sink that does not close the descriptor. Errors name `path`.
    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        if !System.writeAll(descriptor, bytes) {
            throw .output(SystemFault("write", path: path, code: System.lastError))
        }
        meter?.addOutput(bytes: bytes.count)
    }

    /// Does nothing: nothing is buffered.
    package mutating func finish() {}
}
