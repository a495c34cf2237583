/// SHA-256 (FIPS 180-4) of short texts.
///
/// Written here because a library costs more than one hash per message is worth: swift-crypto depends on
/// FoundationEssentials, which makes every start of the command take a third longer, and OpenSSL, which requests to AWS are
/// signed with, would be one more package that the engine needs.
package struct SHA256 {
    private var state = Self.initialState
    /// Bytes of the whole blocks that were hashed; those after them are in `rest`.
    private var count = 0
    private var rest: [UInt8] = []

    /// Returns the 32 bytes of the digest. Time is proportional to the message.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.add(message)
        return hash.digest
    }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        rest += bytes
        let whole = rest.count / 64 * 64
        count += whole
        for block in stride(from: 0, to: whole, by: 64) { Self.compress(rest[block..<block + 64], into: &state) }
        rest.removeFirst(whole)
    }

    /// The digest of all bytes so far.
    var digest: [UInt8] {
        var last = self
        last.add(padding)
        return last.state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
    }

    /// A one bit, zeros, and the message's length in bits as 64 bits: together with the rest, whole blocks of 64 bytes.
    private var padding: [UInt8] {
        let zeros = (119 - rest.count) % 64
        let bits = UInt64(count + rest.count) * 8
        return [0x80] + [UInt8](repeating: 0, count: zeros)
            + (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
    }

    private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { at in
            block[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for t in 16..<64 {
            let (early, late) = (words[t - 15], words[t - 2])
            let first = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let second = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            words.append(words[t - 16] &+ first &+ words[t - 7] &+ second)
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for t in 0..<64 {
            let choice = e & f ^ ~e & g
            let majority = a & b ^ a & c ^ b & c
            let first = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ constants[t] &+ words[t]
            let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    /// The first 64 primes.
    private static let primes = (2...311).filter { n in (2..<n).allSatisfy { n % $0 > 0 } }
    /// The first 32 bits of the fractional parts of the primes' square and cube roots.
    private static let initialState = primes.prefix(8).map { fraction(of: $0, power: 2) }
    private static let constants = primes.map { fraction(of: $0, power: 3) }

    /// Returns the low 32 bits of the root of `n`, scaled by 2^32: of the largest r with r^power ≤ n · 2^(32 · power).
    private static func fraction(of n: Int, power: Int) -> UInt32 {
        var root: UInt64 = 0
        for bit in (0..<36).reversed() {
            let next = root | 1 << UInt64(bit)
            if isAtMost(next, power, n) { root = next }
        }
        return UInt32(truncatingIfNeeded: root)
    }

    private static func isAtMost(_ root: UInt64, _ power: Int, _ n: Int) -> Bool {
        let root = UInt128(root)
        return (power == 2 ? root * root : root * root * root) <= UInt128(n) << UInt128(32 * power)
    }
}
