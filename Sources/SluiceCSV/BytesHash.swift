import CSluiceKernels

/// XXH3-128 of some bytes: not a secret, and nothing that was made to collide, but equal for two texts by chance never.
package struct BytesHash: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64

    package init(_ bytes: UnsafeRawBufferPointer) { self.init(sluice_hash(bytes.baseAddress, bytes.count)) }

    fileprivate init(_ value: sluice_hash_value) {
        high = value.high
        low = value.low
    }

    /// 32 hexadecimal digits, as `xxh128sum` prints them.
    package var digits: String { Self.digits(high) + Self.digits(low) }

    private static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// ``BytesHash`` of bytes that come in pieces; how they are cut makes no difference.
package final class BytesHasher {
    /// Owned by this object: memory as the kernel wants it, touched by the kernel only.
    private let state: UnsafeMutableRawPointer

    package init() {
        state = .allocate(byteCount: sluice_hash_state_size(), alignment: sluice_hash_state_alignment())
        sluice_hash_reset(state)
    }

    deinit { state.deallocate() }

    /// Forgets what was added.
    package func reset() { sluice_hash_reset(state) }

    /// Forgets what was added, and goes on as if what the other was given had been.
    package func restart(as other: BytesHasher) {
        state.copyMemory(from: other.state, byteCount: sluice_hash_state_size())
    }

    package func add(_ bytes: UnsafeRawBufferPointer) { sluice_hash_add(state, bytes.baseAddress, bytes.count) }

    package var hash: BytesHash { BytesHash(sluice_hash_of(state)) }
}
