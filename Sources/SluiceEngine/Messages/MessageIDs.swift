import SluiceCSV
import SluicePlatform

/// Makes the ids of an input's messages. Two messages with the same id hold the same rows of the same input.
///
/// An id is the first 32 hexadecimal digits of the SHA-256 of six lines, joined by line feeds: `sluice.content`,
/// `sluice.source`, the configuration, `sluice.index`, `sluice.range`, and the XXH3-128 of the range's bytes, decompressed
/// and decoded, as 32 hexadecimal digits. For the rows of Fixtures/orders.csv under the source `orders`:
///
///     json
///     orders
///     sluice=2;delimiter=2c;quote=22;header=first;encoding=utf-8;…;segment=16777216;oversize=error
///     0/0
///     0-85
///     4646301f379e7785e57c8e7f47591907
///
/// The id is `0b4250ebb7560b1dd801db910e7b0e62`.
///
/// For a manifest, the last line is the sum of the ids of the messages with rows. For an aborted message, it is this sum
/// and the error's code, offset, record and field: `0123…cdef;quoteInPlain;41;3;2`.
package struct MessageIDs {
    /// The hash of the first three lines.
    private let prefix: SHA256

    package init(_ identity: Identity, _ content: Message.Content) {
        var prefix = SHA256()
        prefix.add("\(content.rawValue)\n\(identity.source.attribute)\n\(identity.configuration)\n".utf8)
        self.prefix = prefix
    }

    /// Returns the id of a message with rows.
    package func id(segment: UInt64, index: Int, range: Range<UInt64>, _ hash: BytesHash) -> MessageID {
        id(segment, index, range, hash.digits)
    }

    /// Returns the id of a manifest, or of an aborted message.
    package func id(segments: UInt64, end: UInt64, sum: MessageID, error: CSVError? = nil) -> MessageID {
        let fault = error.map { ";\($0.code.rawValue);\($0.offset);\($0.record);\($0.field)" } ?? ""
        return id(segments, 0, 0..<end, sum.digits + fault)
    }

    private func id(_ segment: UInt64, _ index: Int, _ range: Range<UInt64>, _ last: String) -> MessageID {
        var hash = prefix
        hash.add("\(segment)/\(index)\n\(range.text)\n\(last)".utf8)
        return MessageID(hash.digest.prefix(16))
    }
}

/// An id as a number of 128 bits. Sums of ids are modulo 2^128 and do not depend on their order.
package struct MessageID: Sendable, Hashable {
    private var value: UInt128

    package static let zero = MessageID([])

    /// Creates an id from bytes, the highest first.
    init(_ bytes: some Sequence<UInt8>) { value = bytes.reduce(0) { $0 << 8 | UInt128($1) } }

    /// Reads 32 hexadecimal digits in lower case. Returns nil for anything else.
    package init?(_ digits: String) {
        let isHexadecimal = digits.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
        guard digits.utf8.count == 32, isHexadecimal, let value = UInt128(digits, radix: 16) else { return nil }
        self.value = value
    }

    /// 32 hexadecimal digits in lower case.
    package var digits: String { Hexadecimal.text(of: value) }

    package static func + (one: MessageID, other: MessageID) -> MessageID {
        var sum = one
        sum.value &+= other.value
        return sum
    }

    package static func += (sum: inout MessageID, other: MessageID) { sum = sum + other }
}
