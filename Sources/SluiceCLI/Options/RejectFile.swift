import SluiceEngine
import SluicePlatform

/// The file that the lines of rejected records go to, or standard error.
///
/// It appears when the run ends, also if it ends with bad data: it then says what is wrong. With a checkpoint it is written in place,
/// and a run that continues adds to it, so that it has every reject at least once.
package final class RejectFile: RejectLog, @unchecked Sendable {
    // Sendable because one thread at a time uses it.
    private enum Kind {
        case standardError
        case whole(OutputFile)
        /// A descriptor that this object owns.
        case growing(Int32)
        case closed
    }

    private let path: String
    private var kind: Kind
    private var sink: DescriptorSink

    init(_ path: String, replaces: Bool, inputs: [String], checkpoint: String?) throws(Failure) {
        self.path = path
        if path == "stderr" {
            (kind, sink) = (.standardError, DescriptorSink(descriptor: 2, path: "standard error"))
            return
        }
        let identities = InputIdentities(inputs)
        try identities.check(output: path)
        if let checkpoint {
            let descriptor = System.openForAppending(path, isNew: System.entry(at: checkpoint) == .nothing)
            if descriptor < 0 { throw Failure(.cannotCreate(path, System.lastError), input: path) }
            (kind, sink) = (.growing(descriptor), DescriptorSink(descriptor: descriptor, path: path))
            return
        }
        let file = try Failure.naming(path) { () throws(SluiceError) in
            try OutputFile(path, replaces: replaces, besides: identities.all, isRemovedOnSignal: false)
        }
        (kind, sink) = (.whole(file), file.sink)
    }

    deinit { discard() }

    package func write(_ lines: [UInt8]) throws(SluiceError) { try sink.write(lines) }

    /// Completes the file.
    func commit() throws(Failure) {
        let kind = kind
        self.kind = .closed
        try Failure.naming(path) { () throws(SluiceError) in
            switch kind {
            case .standardError, .closed: break
            case .whole(let file): try file.commit()
            case .growing(let descriptor):
                if System.closeWritten(descriptor) { return }
                throw .output(SystemFault("close", path: path, code: System.lastError))
            }
        }
    }

    /// Removes the file, unless it was committed or grows in place.
    func discard() {
        switch kind {
        case .standardError, .closed: break
        case .whole(let file): file.discard()
        case .growing(let descriptor): System.close(descriptor)
        }
        kind = .closed
    }
}
