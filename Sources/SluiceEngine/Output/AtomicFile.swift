import SluiceCSV
import SluicePlatform

/// A file that appears under its name only once it is complete. It gets the owner and the mode of the file that it
/// replaces; if it can't, it is not created.
///
/// The file is written under a temporary name in the same directory, and ``commit(replaces:)`` renames it. When that
/// returns, both the content and the name are on the disk. So whenever the process or the machine stops, either the old
/// file or the new one is there. ``discard()`` or the end of this object removes an uncommitted file.
package final class AtomicFile {
    private let target: OutputTarget
    private let temporary: String
    private let descriptor: Int32
    private let replaced: System.Permissions?
    private let isRemovedOnSignal: Bool
    private var isOpen = true

    /// Creates the temporary file for the one at `path`.
    ///
    /// - Parameters:
    ///   - isRemovedOnSignal: Whether a signal that ends the process removes the file. Only one file or directory at a time can
    ///     be removed so.
    ///   - inputs: Files that must not be removed with the leftovers of killed processes that wrote to the same path. With nil,
    ///     all leftovers stay.
    package init(
        _ path: String,
        isRemovedOnSignal: Bool = false,
        besides inputs: Set<FileIdentity>?
    ) throws(SluiceError) {
        let target = try OutputTarget(path)
        let replaced = System.permissions(at: target.path)
        if let inputs { TemporaryName.removeAbandoned(for: target, besides: inputs) }
        (temporary, descriptor) = try TemporaryName.make(for: target) { (name) throws(SluiceError) in
            // The file may become a private one, so others must not read it now.
            let descriptor = System.create(name, isPrivate: replaced != nil)
            if descriptor < 0 {
                let code = System.lastError
                return code == System.alreadyExists ? .taken : .failed(code)
            }
            if !TemporaryName.claim(name, descriptor) {
                System.close(descriptor)
                return .taken
            }
            return .made((name, descriptor))
        }
        self.target = target
        self.replaced = replaced
        self.isRemovedOnSignal = isRemovedOnSignal
        do throws(SluiceError) {
            try target.giveOwner(of: replaced, to: descriptor)
            if isRemovedOnSignal, !System.removeOnSignal(temporary) { throw .cannotCreate(path, System.lastError) }
        } catch {
            isOpen = false
            System.close(descriptor)
            System.remove(temporary)
            throw error
        }
    }

    deinit { discard() }

    /// Writes to the file. Valid as long as this object.
    package var sink: DescriptorSink { DescriptorSink(descriptor: descriptor, path: target.path) }

    /// Completes the file and gives it its name. An existing file is replaced only if `replaces`.
    package func commit(replaces: Bool) throws(SluiceError) {
        guard isOpen else { return }
        // Also removes the temporary name, if it still exists.
        defer { discard() }
        if replaces { try target.givePermissions(of: System.permissions(at: target.path) ?? replaced, to: descriptor) }
        // Some systems report failed writes only here.
        if !System.sync(descriptor) { throw .output(SystemFault("sync", path: target.path, code: System.lastError)) }
        let isNamed =
            replaces
            ? System.rename(temporary, to: target.path) : System.renameIfFree(temporary, to: target.path)
        if !isNamed { throw .cannotCreate(target.path, System.lastError) }
        try target.syncDirectory()
    }

    /// Removes the file, unless it was committed.
    package func discard() {
        guard isOpen else { return }
        isOpen = false
        System.remove(temporary)
        if isRemovedOnSignal { System.keepOutput() }
        System.close(descriptor)
    }

    /// Removes a file, if it exists. When this returns, the removal is on the disk.
    package static func remove(_ path: String) throws(SluiceError) {
        let target = try OutputTarget(path)
        if case .nothing = System.entry(at: target.path) { return }
        if !System.remove(target.path) {
            throw .output(SystemFault("remove", path: target.path, code: System.lastError))
        }
        try target.syncDirectory()
    }
}
