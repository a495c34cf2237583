import CSluiceMapping
package import SluiceSystem

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file mapped into memory, readable for some bytes beyond its end.
///
/// If somebody cuts the file short while it is mapped, reads of what is gone give zeros and ``isTruncated`` becomes true. If somebody
/// writes to it, reads give the old bytes or the new ones, and ``isChanged`` becomes true.
///
/// At most 256 files are mapped at a time in a process; the first installs a handler of SIGBUS.
package final class MappedFile: Sendable {
    /// Owned by this object, unmapped by nobody else; the bytes are never written.
    nonisolated(unsafe) private let mapping: OpaquePointer
    package let count: Int
    private let state: System.FileState?

    /// Maps the first `count` > 0 bytes of an open file; nil if it cannot be mapped, or if that leaves too little memory that
    /// a limit allows to work with it. `state` is what it was when it was opened,
    /// or else what it is now.
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

    /// The whole file as a window. Safe to read as long as this object lives.
    package var window: Window {
        Window(base: sluice_mapping_bytes(mapping), count: count, offset: 0, isLast: true)
    }

    /// The bytes are probably not needed again: takes their pages out of this process's memory. Reading them brings them
    /// back.
    package func release(_ range: Range<Int>) { sluice_mapping_release(mapping, range.lowerBound, range.upperBound) }

    /// The file has become shorter than it was: what was read last may be zeros that are not in it.
    package var isTruncated: Bool { sluice_mapping_is_torn(mapping) != 0 }

    /// The file's size or the time when it was last written to is not what it was.
    package var isChanged: Bool { isTruncated || System.fileState(of: sluice_mapping_descriptor(mapping)) != state }
}
