import SluicePlatform

/// Names for outputs that are not complete: `.orders.json.sluice-1f04c29b.tmp` beside `orders.json`, so that users see what
/// they belong to.
///
/// The process that writes such a file or directory holds a lock on it, which also works on a volume that machines share.
/// What a killed process left has no lock, and the next run to the same output removes it.
enum TemporaryName {
    enum Attempt<Made> {
        case made(Made)
        /// The name exists already.
        case taken
        case failed(Int32)
    }

    /// Calls `make` with such names until it takes one.
    static func make<Made>(
        for target: OutputTarget,
        _ make: (_ path: String) throws(SluiceError) -> Attempt<Made>
    ) throws(SluiceError) -> Made {
        let stem = stem(of: target)
        while true {
            let number = UInt32.random(in: .min ... .max).digits(radix: 16, width: digitCount)
            switch try make("\(target.directory)\(stem)\(number)\(suffix)") {
            case .made(let made): return made
            case .taken: continue
            case .failed(let code): throw .cannotCreate(target.path, code)
            }
        }
    }

    /// Locks what was just created under such a name. Returns false if another run found it without a lock and removed it.
    static func claim(_ path: String, _ descriptor: Int32) -> Bool {
        System.lock(descriptor) != .another && System.isPath(path, of: descriptor)
    }

    /// Removes what killed processes left that wrote to the same output: files and directories without a lock that belong
    /// to this user, or to the owner of the existing output.
    ///
    /// The name alone proves nothing: an input, or its directory, may have such a name. Those are `inputs`, and stay.
    static func removeAbandoned(for target: OutputTarget, besides inputs: Set<FileIdentity>) {
        let (start, end) = (Array(stem(of: target).utf8), Array(suffix.utf8))
        for name in System.names(in: target.directory.isEmpty ? "." : target.directory) ?? [] {
            let bytes = Array(name.utf8)
            guard bytes.count == start.count + digitCount + end.count, bytes.starts(with: start),
                bytes.suffix(end.count) == end[...],
                bytes.dropFirst(start.count).prefix(digitCount).allSatisfy(isDigit)
            else { continue }
            removeAbandoned(target.directory + name, for: target, besides: inputs)
        }
    }

    private static func removeAbandoned(_ path: String, for target: OutputTarget, besides inputs: Set<FileIdentity>) {
        // Opening a pipe could wake a process that waits for a reader or a writer.
        guard System.isFileOrDirectory(path) else { return }
        let descriptor = System.openToLock(path)
        guard descriptor >= 0 else { return }
        defer { System.close(descriptor) }
        guard System.lock(descriptor) == .taken, System.isPath(path, of: descriptor),
            System.isLeftover(descriptor, of: target.path)
        else { return }
        if System.kind(of: descriptor).isDirectory {
            guard let names = System.names(in: path), names.allSatisfy(MessageDirectory.isMessage),
                inputs.isDisjoint(with: names.compactMap { System.identity(at: "\(path)/\($0)") })
            else { return }
            MessageDirectory.removeMessages(in: path)
            System.removeDirectory(path)
        } else if System.identity(of: descriptor).map({ !inputs.contains($0) }) ?? false {
            System.remove(path)
        }
    }

    /// Returns `.orders.json.sluice-`. A name that would become too long is cut.
    private static func stem(of target: OutputTarget) -> String {
        var name = target.name
        while RawText.bytes(name).count > longestName - digitCount - 1 - mark.utf8.count - suffix.utf8.count {
            name.unicodeScalars.removeLast()
        }
        return ".\(name)\(mark)"
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
    }

    private static var mark: String { ".sluice-" }
    private static var digitCount: Int { 8 }
    private static var suffix: String { ".tmp" }
    /// The longest name on nearly all file systems, in bytes.
    private static var longestName: Int { 255 }
}
