import SluiceCSV
import SluicePlatform

/// What is known of an input before it is read.
package struct InputMeasure: Sendable, Hashable {
    /// The stored size in bytes. Nil for a pipe, a device and standard input.
    package var stored: UInt64?
    /// Whether the bytes need neither decompression nor transcoding, so that reading can start anywhere.
    package var isPlain: Bool
}

extension CSVConverter {
    /// Measures an input. Reads its first bytes, if it can be opened again for the conversion.
    package func measure(_ input: String) throws(SluiceError) -> InputMeasure {
        if let remote = try remoteInputs?.open(input) {
            let isCompressed = Recognition.isCompressed(try remote.piece(at: 0, upTo: Recognition.compressionLimit))
            return InputMeasure(stored: remote.size, isPlain: encoding == .utf8 && !isCompressed)
        }
        guard input != "-", let size = System.fileSize(at: input) else {
            return InputMeasure(stored: nil, isPlain: false)
        }
        // A file that can't be mapped is decoded, or has no bytes.
        guard case .mapped = try OpenedInput(input).content(of: self) else {
            return InputMeasure(stored: size, isPlain: false)
        }
        return InputMeasure(stored: size, isPlain: true)
    }
}
