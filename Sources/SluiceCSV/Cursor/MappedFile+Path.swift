internal import SluicePlatform

extension MappedFile {
    /// Maps a regular file. Returns nil if it is empty.
    static func map(_ path: String) throws(SystemFault) -> MappedFile? {
        let descriptor = System.open(path)
        guard descriptor >= 0 else { throw SystemFault("open", path: path, code: System.lastError) }
        defer { System.close(descriptor) }
        guard let state = System.fileState(of: descriptor) else {
            let isDirectory = System.kind(of: descriptor).isDirectory
            throw SystemFault("map", path: path, code: isDirectory ? System.isADirectory : System.isNoFile)
        }
        guard state.size > 0 else { return nil }
        guard let file = MappedFile(descriptor: descriptor, count: Int(state.size), since: state) else {
            throw SystemFault("map", path: path, code: System.lastError)
        }
        return file
    }
}
