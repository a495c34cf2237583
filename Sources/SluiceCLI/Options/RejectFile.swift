import SluiceCSV
import SluiceEngine
import SluicePlatform

/// The file that the lines of rejected records go to, or standard error.
///
/// It appears when the run ends, also if it ends with bad data: it then says what is wrong. Where a run can continue another
/// one, it grows in place until then, so that it has every reject at least once.
package final class RejectFile: RejectLog, @unchecked Sendable {
    // Sendable because one thread at a time uses it.
    private enum Kind {
        case standardError
        case whole(OutputFile)
        case growing(GrowingFile)
        case closed
    }

    /// How the lines of a killed run are kept.
    package enum Growth {
        /// They are not: the file is written as a whole.
        case none
        /// The run starts anew, and can be continued.
        case restarts
        /// The run adds to the lines of the one before, if that left any.
        case continues
    }

    private let path: String
    private var kind: Kind
    private var sink: DescriptorSink

    /// Opens the file, or standard error as `stderr`.
    ///
    /// - Parameters:
    ///   - replaces: whether an existing file is replaced, if the file does not grow.
    ///   - inputs: the files that the run reads, of which it must be none.
    package init(
        _ path: String,
        replaces: Bool = false,
        besides inputs: InputIdentities = InputIdentities([]),
        growth: Growth = .none
    ) throws(Failure) {
        self.path = path
        if path == "stderr" {
            (kind, sink) = (.standardError, DescriptorSink(descriptor: 2, path: "standard error"))
            return
        }
        try inputs.check(output: path)
        switch System.entry(at: path) {
        case .nothing where growth != .none:
            try inputs.check(output: GrowingFile.partial(of: path))
            let file = try Failure.naming(path) { () throws(SluiceError) in
                try GrowingFile(path, continues: growth == .continues)
            }
            (kind, sink) = (.growing(file), file.sink)
        case .file, .directory, .brokenLink, .nothing, .other:
            // Devices and pipes are written to directly.
            let file = try Failure.naming(path) { () throws(SluiceError) in
                try OutputFile(path, replaces: replaces, besides: inputs.all, isRemovedOnSignal: false)
            }
            (kind, sink) = (.whole(file), file.sink)
        }
    }

    deinit { discard() }

    /// Whether lines go to a terminal, where a line of progress would be among them.
    var isTerminal: Bool { path == "stderr" && System.isTerminal(2) }

    package func write(_ lines: [UInt8]) throws(SluiceError) {
        // Bytes of the input must not control a terminal.
        let isShown = isTerminal
        try sink.write(isShown ? Array(TerminalText.json(String(decoding: lines, as: UTF8.self)).utf8) : lines)
    }

    /// Waits until the lines are on disk, if another run may continue with them.
    package func sync() throws(SluiceError) {
        if case .growing(let file) = kind { try file.sync() }
    }

    /// Completes the file.
    package func commit() throws(Failure) {
        let kind = kind
        self.kind = .closed
        try Failure.naming(path) { () throws(SluiceError) in
            switch kind {
            case .standardError, .closed: break
            case .whole(let file): try file.commit()
            case .growing(let file): try file.commit()
            }
        }
    }

    /// Removes the file, unless it was committed or grows in place.
    func discard() {
        switch kind {
        case .standardError, .closed: break
        case .whole(let file): file.discard()
        case .growing(let file): file.close()
        }
        kind = .closed
    }
}
