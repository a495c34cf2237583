import SluiceCSV
import Synchronization

/// Checks that all inputs of one output have the same header: that of the first input whose header is read.
///
/// Inputs without column names or without records agree with all.
package final class HeaderAgreement: Sendable {
    private let names = Mutex<[[UInt8]]?>(nil)

    package init() {}

    /// Returns the number of the first column that differs from the agreed header, counted from 1, or nil if none does. The
    /// first header becomes the agreed one.
    func difference(of header: Header) -> Int? {
        guard let given = header.names else { return nil }
        return names.withLock { names in
            guard let agreed = names else {
                names = given
                return nil
            }
            if agreed == given { return nil }
            return
                (zip(agreed, given).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                ?? min(agreed.count, given.count)) + 1
        }
    }
}

extension CSVConverter {
    /// Reads the header of a file that can be read again, and compares it with those read before.
    ///
    /// - Throws: Only ``CSVError/Code/headerMismatch``. Other errors are thrown later, after the rows before them.
    package func checkHeader(of path: String) throws(SluiceError) {
        do throws(SluiceError) {
            let input = try open(path)
            let driver = driver(for: input.source)
            switch try input.content(of: self) {
            case .mapped(let file):
                var reader = RowReader(driver.options, window: file.window)
                try reader.takeHeader()
            case .stream(var source):
                var reader = HeaderReader(driver.options, form: source.form)
                try reader.read(from: &source)
            }
        } catch {
            if case .badData(let fault) = error, fault.code == .headerMismatch { throw error }
        }
    }
}
