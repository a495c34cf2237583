import SluicePlatform

/// Reads an open descriptor: a file, a pipe, a terminal.
package struct DescriptorSource: ByteSource {
    let descriptor: Int32
    let path: String
    package let file: OpenedFile?

    /// Creates a source that does not close the descriptor. It keeps `file`, which may own the descriptor, open. Errors
    /// name `path`.
    package init(descriptor: Int32, path: String, file: OpenedFile? = nil) {
        self.descriptor = descriptor
        self.path = path
        self.file = file
    }

    package mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        while true {
            guard System.waitForInput(descriptor) else { throw .interrupted(signal: System.firstSignal ?? 0) }
            let count = System.read(descriptor, memory.baseAddress, memory.count)
            if count >= 0 { return count }
            if System.lastError != System.interrupted {
                throw .input(SystemFault("read", path: path, code: System.lastError))
            }
        }
    }
}
