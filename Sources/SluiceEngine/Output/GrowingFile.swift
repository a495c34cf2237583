import SluiceCSV
import SluicePlatform

/// A file of lines that keeps what was written if the process is killed, so that another run can add to it.
///
/// Until it is complete it is `PATH.partial`. A run that continues removes a last line without an end, which was being written
/// when the process ended:
///
///     {"line":4,…}⏎{"line":9,…}⏎{"li     →     {"line":4,…}⏎{"line":9,…}⏎
package final class GrowingFile {
    private let path: String
    private let partial: String
    private var descriptor: Int32
    /// Writes to the file's end. Valid as long as this object.
    package let sink: DescriptorSink

    /// The path of an incomplete file.
    package static func partial(of path: String) -> String { "\(path).partial" }

    /// Opens the file. There must be none of its name yet.
    ///
    /// - Parameter continues: whether to keep the lines of a run that did not complete the file.
    package init(_ path: String, continues: Bool) throws(SluiceError) {
        self.path = path
        partial = Self.partial(of: path)
        if System.entry(at: path) != .nothing { throw .cannotCreate(path, System.alreadyExists) }
        guard [.file, .nothing].contains(System.entry(at: partial)) else {
            throw .cannotCreate(partial, System.alreadyExists)
        }
        descriptor = System.openForAppending(partial, empties: !continues)
        if descriptor < 0 { throw .cannotCreate(partial, System.lastError) }
        sink = DescriptorSink(descriptor: descriptor, path: path)
        if !System.removePartialLine(descriptor) {
            throw .output(SystemFault("truncate", path: partial, code: System.lastError))
        }
    }

    deinit { close() }

    /// Waits until what was written is on disk.
    package func sync() throws(SluiceError) {
        if !System.sync(descriptor) { throw .output(SystemFault("sync", path: partial, code: System.lastError)) }
    }

    /// Gives the complete file its name.
    package func commit() throws(SluiceError) {
        try sync()
        let isClosed = System.closeWritten(descriptor)
        descriptor = -1
        if !isClosed { throw .output(SystemFault("close", path: partial, code: System.lastError)) }
        if !System.renameIfFree(partial, to: path) { throw .cannotCreate(path, System.lastError) }
        try OutputTarget(path).syncDirectory()
    }

    /// Closes the file, and leaves it for a run that continues.
    package func close() {
        if descriptor >= 0 { System.close(descriptor) }
        descriptor = -1
    }
}
