import SluiceCSV
import Synchronization

/// Hints from the headers of inputs, none of them an error: that the delimiter may be another one.
///
///     id;price      one column, which holds a semicolon: --delimiter ';'?
package final class HeaderHints: Sendable {
    private struct State {
        var input = ""
        var found: [(input: String, hint: String)] = []
    }

    private let state = Mutex(State())

    /// The hints in order, at most one per input.
    package var all: [(input: String, hint: String)] { state.withLock { $0.found } }

    /// Starts an input: headers noted from here on belong to it.
    func begin(_ input: String) { state.withLock { $0.input = input } }

    /// Notes a hint if the header suggests one.
    func note(_ header: Header) {
        guard let names = header.names, names.count == 1, let delimiter = Self.delimiter(in: names[0]) else { return }
        let hint = "the header has one column and holds \(delimiter.title): --delimiter \(delimiter.word)?"
        state.withLock { state in
            if state.found.contains(where: { $0.input == state.input }) { return }
            state.found.append((state.input, hint))
        }
    }

    private static func delimiter(in name: [UInt8]) -> (title: String, word: String)? {
        if name.contains(UInt8(ascii: ";")) { return ("';'", "';'") }
        if name.contains(0x09) { return ("a tab", "tab") }
        return name.contains(UInt8(ascii: "|")) ? ("'|'", "'|'") : nil
    }
}
