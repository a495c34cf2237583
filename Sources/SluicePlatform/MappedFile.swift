import CSluicePlatform

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file mapped into memory, readable for some bytes beyond its end.
///
/// If another program truncates the file while it is mapped, bytes past the new end read as zeros and ``isTruncated`` becomes
/// true. If another program writes to it, reads return the old bytes or the new ones, and ``isChanged`` becomes true.
///
/// At most 256 files are mapped at a time in a process; the first installs a handler of SIGBUS.
package final class MappedFile: Sendable {
    /// Owned by this object, which alone unmaps it. The bytes are never written.
    nonisolated(unsafe) private let mapping: OpaquePointer
    package let count: Int
    private let state: System.FileState?

    /// Maps the first `count` > 0 bytes of an open file. Returns nil with `errno` set if the file cannot be mapped, or if the
    /// mapping leaves too little of the memory that a limit allows. `state` is the file's state when it was opened; by default
    /// the current one.
    package init?(descriptor: Int32, count: Int, since state: System.FileState? = nil) {
        self.state = state ?? System.fileState(of: descriptor)
        guard count > 0, let mapping = sluice_mapping_open(descriptor, count) else { return nil }
        self.mapping = mapping
        self.count = count
        if !System.hasMemory(for: Self.memoryToWorkWith) {
            errno = ENOMEM
            return nil
        }
    }

    private static var memoryToWorkWith: Int { 8 << 20 }

    deinit { sluice_mapping_close(mapping) }

    /// The file's first byte. All ``count`` bytes and a page after them are readable as long as this object lives.
    package var base: UnsafePointer<UInt8> { sluice_mapping_bytes(mapping) }

    /// Removes the pages of bytes that are probably not needed again from this process's memory. Reading the bytes loads them
    /// again.
    package func release(_ range: Range<Int>) { sluice_mapping_release(mapping, range.lowerBound, range.upperBound) }

    /// Whether the file has become shorter: the last bytes read may be zeros that the file does not contain.
    package var isTruncated: Bool { sluice_mapping_is_truncated(mapping) != 0 }

    /// Whether the file's size or modification time has changed.
    package var isChanged: Bool { isTruncated || System.fileState(of: sluice_mapping_descriptor(mapping)) != state }
}
