import CSluiceKernels

/// Texts in memory as kernels copy them: each starts at a multiple of ``WideCopy/width``, and at least that many bytes follow its
/// start and its end.
@safe final class KernelTexts: Sendable {
    /// Owned by this object and never written after `init`, as is what they point to. That makes every use below safe.
    nonisolated(unsafe) let keys: UnsafeMutablePointer<sluice_key>
    nonisolated(unsafe) private let bytes: UnsafeMutablePointer<UInt8>
    let count: Int

    init(_ texts: [[UInt8]]) {
        let strides = texts.map { ($0.count + WideCopy.width - 1) / WideCopy.width * WideCopy.width }
        let size = strides.reduce(0, +) + WideCopy.width
        count = texts.count
        unsafe keys = .allocate(capacity: max(1, texts.count))
        unsafe bytes = .allocate(capacity: size)
        unsafe bytes.initialize(repeating: 0, count: size)
        var start = unsafe bytes
        for (number, text) in texts.enumerated() {
            unsafe (keys + number).initialize(to: sluice_key(text: start, length: text.count))
            unsafe start.update(from: text, count: text.count)
            unsafe start += strides[number]
        }
    }

    deinit {
        unsafe keys.deallocate()
        unsafe bytes.deallocate()
    }

    subscript(_ number: Int) -> UnsafeBufferPointer<UInt8> {
        precondition(number >= 0 && number < count, "no such text")
        return unsafe UnsafeBufferPointer(start: keys[number].text, count: keys[number].length)
    }
}
