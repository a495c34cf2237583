import CSluiceKernels
internal import SluicePlatform

/// The XXH3-128 hash of some bytes. Different texts do not collide by chance, but an attacker can construct collisions.
package struct BytesHash: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64

    package init(_ bytes: UnsafeRawBufferPointer) { unsafe self.init(sluice_hash(bytes.baseAddress, bytes.count)) }

    fileprivate init(_ value: sluice_hash_value) {
        high = value.high
        low = value.low
    }

    /// The hash as 32 hexadecimal digits, as `xxh128sum` prints it.
    package var digits: String { Hexadecimal.text(of: high) + Hexadecimal.text(of: low) }
}

/// Computes the ``BytesHash`` of bytes that arrive in pieces. Where they are cut makes no difference.
@safe package final class BytesHasher {
    /// Owned by this object: memory of the kernel's size and alignment, which only the kernel reads and writes. That makes
    /// every use below safe.
    private let state: UnsafeMutableRawPointer

    package init() {
        unsafe state = .allocate(byteCount: sluice_hash_state_size(), alignment: sluice_hash_state_alignment())
        unsafe sluice_hash_reset(state)
    }

    deinit { unsafe state.deallocate() }

    /// Discards all added bytes.
    package func reset() { unsafe sluice_hash_reset(state) }

    /// Copies the state of the other hasher, discarding the bytes added to this one.
    package func restart(as other: BytesHasher) {
        unsafe state.copyMemory(from: other.state, byteCount: sluice_hash_state_size())
    }

    package func add(_ bytes: UnsafeRawBufferPointer) {
        unsafe sluice_hash_add(state, bytes.baseAddress, bytes.count)
    }

    package var hash: BytesHash { unsafe BytesHash(sluice_hash_of(state)) }
}
