import SluiceCSV
import SluicePlatform

/// A file for what may not fit into memory. It has no name, so no other process can open it, and it is gone with this
/// object or the process, however that ends.
package final class ScratchFile: ByteSink {
    package typealias Failure = SluiceError

    private static let name = "scratch file"
    private let descriptor: Int32
    private var count = 0

    /// Creates the file in `TMPDIR`, or else in `/tmp`.
    package init() throws(SluiceError) {
        let directory = System.environmentPath("TMPDIR") ?? "/tmp"
        descriptor = System.createWithoutName(in: directory)
        if descriptor < 0 { throw .cannotCreate(directory, System.lastError) }
    }

    deinit { System.close(descriptor) }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        var sink = DescriptorSink(descriptor: descriptor, path: Self.name)
        try sink.write(bytes)
        count += bytes.count
    }

    package func finish() {}

    /// Maps what was written. Returns nil if nothing was.
    func mapped() throws(SluiceError) -> MappedFile? {
        if count == 0 { return nil }
        guard let file = MappedFile(descriptor: descriptor, count: count) else {
            throw .input(SystemFault("map", path: Self.name, code: System.lastError))
        }
        return file
    }
}
