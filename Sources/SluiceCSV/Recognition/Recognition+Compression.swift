/// How an input is compressed that can be decompressed.
package enum Compression: Sendable {
    case gzip
    case zstd
}

/// Recognizes compressed inputs by their first bytes; their names do not matter.
extension Recognition {
    package enum CompressionVerdict: Equatable {
        case known(Compression?)
        /// More bytes are needed.
        case open
    }

    /// The most bytes that are needed to decide.
    package static let compressionLimit = 4

    /// Returns how an input that starts with these bytes is compressed, or that more are needed.
    package static func compression(of first: [UInt8]) -> CompressionVerdict {
        let start = Recognition(first, isAll: false, as: .utf8, assumesCSV: true)
        var verdict = CompressionVerdict.known(nil)
        for (compression, magic) in compressions {
            switch start.starts(with: magic) {
            case .no: continue
            case .sofar: verdict = .open
            case .yes: return .known(compression)
            }
        }
        return verdict
    }

    /// Returns whether an input is compressed that starts with these bytes: ``compressionLimit`` of them, or all.
    package static func isCompressed(_ first: [UInt8]) -> Bool {
        if case .known(.some) = compression(of: first) { true } else { false }
    }

    static let compressions: [(Compression, [ClosedRange<UInt8>])] = [
        (.gzip, [0x1F...0x1F, 0x8B...0x8B]),
        (.zstd, [0x28...0x28, 0xB5...0xB5, 0x2F...0x2F, 0xFD...0xFD]),
        // A frame without content, before others.
        (.zstd, [0x50...0x5F, 0x2A...0x2A, 0x4D...0x4D, 0x18...0x18]),
    ]
}
