import SluiceCSV
import Synchronization

/// Collects hints, not errors, that the delimiter may be wrong: in `id;price`, the only column's name holds a semicolon.
package final class HeaderHints: Sendable {
    private struct State {
        var input = ""
        var found: [(input: String, delimiter: UInt8)] = []
    }

    private let state = Mutex(State())

    /// The hints in order, at most one per input.
    package var all: [(input: String, delimiter: UInt8)] { state.withLock { $0.found } }

    /// Starts an input: headers noted from here on belong to it.
    func begin(_ input: String) { state.withLock { $0.input = input } }

    /// Notes a hint if the header suggests one.
    func note(_ header: Header) {
        guard let names = header.names, names.count == 1, let delimiter = Self.delimiter(in: names[0]) else { return }
        state.withLock { state in
            if state.found.contains(where: { $0.input == state.input }) { return }
            state.found.append((state.input, delimiter))
        }
    }

    /// Returns a delimiter that the name holds, the likeliest first.
    private static func delimiter(in name: [UInt8]) -> UInt8? {
        [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")].first(where: name.contains)
    }
}
