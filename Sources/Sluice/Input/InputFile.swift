import SluiceCSV
import SluiceSystem

/// An input by its path, or standard input as `-`: mapped if it can be, otherwise read.
package final class InputFile {
    private let descriptor: Int32
    private let path: String
    private let mapped: MappedFile?

    package init(_ path: String) throws(SluiceError) {
        self.path = path == "-" ? "standard input" : path
        descriptor = path == "-" ? 0 : System.open(path)
        if descriptor < 0 { throw .input(SystemFault("open", path: path, code: System.lastError)) }
        let kind = System.kind(of: descriptor)
        if kind.isDirectory {
            if path != "-" { System.close(descriptor) }
            throw .unusable("it is a directory; name the files in it")
        }
        mapped = kind.size > 0 && path != "-" ? MappedFile(descriptor: descriptor, count: kind.size) : nil
    }

    deinit { if descriptor > 0 { System.close(descriptor) } }

    /// Converts the whole input, and returns the number of rows.
    @discardableResult
    package func convert(_ conversion: Conversion, to sink: inout some ByteSink) throws(SluiceError) -> UInt64 {
        if let mapped { return try conversion.convert(mapped, to: &sink) }
        var source = DescriptorSource(descriptor: descriptor, path: path)
        return try conversion.convert(&source, to: &sink)
    }
}
