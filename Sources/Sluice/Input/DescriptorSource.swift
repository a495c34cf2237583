import SluiceSystem

/// Reads an open descriptor: a file, a pipe, a terminal.
package struct DescriptorSource: ByteSource {
    let descriptor: Int32
    let path: String

    /// The descriptor stays its owner's to close; `path` names it in errors.
    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    package mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        while true {
            let count = System.read(descriptor, memory.baseAddress, memory.count)
            if count >= 0 { return count }
            if System.lastError != System.interrupted {
                throw .input(SystemFault("read", path: path, code: System.lastError))
            }
        }
    }
}
