import SluiceSystem

/// What is known of an input's size before it is read.
package struct InputMeasure: Sendable, Hashable {
    /// Bytes as they are stored; nil for a pipe, a device, standard input.
    package var stored: UInt64?
    /// They are read as they are, neither decompressed nor transcoded, and so from anywhere.
    package var isPlain: Bool
}

extension Sluice {
    /// Finds out how large an input is. Its first bytes are read if it can be opened once more.
    package func measure(_ input: String) throws(SluiceError) -> InputMeasure {
        if let remote = try remoteInputs?.open(input) {
            let first = try remote.piece(at: 0, upTo: 4)
            let isCompressed = if case .known(.some) = Compression.of(first) { true } else { false }
            return InputMeasure(stored: remote.size, isPlain: encoding == .utf8 && !isCompressed)
        }
        guard input != "-", let size = System.fileSize(at: input) else {
            return InputMeasure(stored: nil, isPlain: false)
        }
        // What can't be mapped is decoded, or has no bytes.
        guard case .mapped = try InputFile(input).content(encoding: encoding, maxWindow: maxWindow) else {
            return InputMeasure(stored: size, isPlain: false)
        }
        return InputMeasure(stored: size, isPlain: true)
    }
}
