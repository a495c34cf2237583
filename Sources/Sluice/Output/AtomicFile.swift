import SluiceCSV
import SluiceSystem

/// A file that appears under its name only once it is complete, with the owner and the mode of the one that it replaces; where
/// it can't have these, it can't be made.
///
/// It is written under a temporary name in the same directory, which is renamed by ``commit(replaces:)``. Both the content
/// and the name are on the disk when that returns: whenever the process or the machine ends, the old file is there or the new
/// one. Until then ``discard()`` and the end of this object remove what was written.
package final class AtomicFile {
    private let target: OutputTarget
    private let temporary: String
    private let descriptor: Int32
    private let replaced: System.Permissions?
    private let isRemovedOnSignal: Bool
    private var isOpen = true

    /// Opens a file that is to stand at a path.
    ///
    /// - Parameters:
    ///   - isRemovedOnSignal: Also a signal that ends the process removes it. That can be said of one file at a time.
    ///   - inputs: What must not be removed when what killed processes left behind that wrote to the same path is. Nil: all of
    ///     that stays.
    package init(
        _ path: String,
        isRemovedOnSignal: Bool = false,
        besides inputs: Set<FileIdentity>?
    ) throws(SluiceError) {
        let target = try OutputTarget(path)
        let replaced = System.permissions(at: target.path)
        if let inputs { TemporaryName.removeAbandoned(for: target, besides: inputs) }
        (temporary, descriptor) = try TemporaryName.make(for: target) { (name) throws(SluiceError) in
            // Others may not read what may become a private file.
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

    /// Writes to the file; for use while this object lives.
    package var sink: DescriptorSink { DescriptorSink(descriptor: descriptor, path: target.path) }

    /// Completes the file: from now on it stands under its name, in place of what stands there if it `replaces` that.
    package func commit(replaces: Bool) throws(SluiceError) {
        guard isOpen else { return }
        // Also removes what has the temporary name, if anything still has it.
        defer { discard() }
        if replaces { try target.givePermissions(of: System.permissions(at: target.path) ?? replaced, to: descriptor) }
        // What could not be written is sometimes told only now.
        if !System.sync(descriptor) { throw .output(SystemFault("sync", path: target.path, code: System.lastError)) }
        let isNamed =
            replaces
            ? System.rename(temporary, to: target.path) : System.renameIfFree(temporary, to: target.path)
        if !isNamed { throw .cannotCreate(target.path, System.lastError) }
        try target.syncDirectory()
    }

    /// Removes what was written, unless it is complete.
    package func discard() {
        guard isOpen else { return }
        isOpen = false
        System.remove(temporary)
        if isRemovedOnSignal { System.keepOutput() }
        System.close(descriptor)
    }

    /// Removes a file, for good when this returns. Nothing happens if there is none.
    package static func remove(_ path: String) throws(SluiceError) {
        let target = try OutputTarget(path)
        if case .nothing = System.entry(at: target.path) { return }
        if !System.remove(target.path) {
            throw .output(SystemFault("remove", path: target.path, code: System.lastError))
        }
        try target.syncDirectory()
    }
}
