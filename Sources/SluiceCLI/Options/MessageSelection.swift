import ArgumentParser
import SluiceCSV
import SluiceEngine

/// Some of an input's messages, to be written or sent again: those that `--only` names, and those that hold any of the
/// records of `--records`.
///
///     --only 17/3,18/0,manifest       message 3 of segment 17, message 0 of segment 18, and the last message
///     --only rejects                  all messages of rejected records
///     --records 1000-2000,5000-       messages with any of these records; without LAST, all from FIRST on
package struct MessageSelection: Sendable, Hashable {
    private struct Place: Hashable {
        var segment: UInt64
        var index: Int
    }

    private var places: Set<Place> = []
    private var hasLast = false
    private var hasRejects = false
    private var records: [ClosedRange<UInt64>] = []

    /// Parses the values of both options. Returns nil, which means all messages, if neither is given.
    init?(only: String?, records: String?) throws {
        guard only != nil || records != nil else { return nil }
        for name in Self.parts(only) {
            if name == Message.Content.manifest.rawValue {
                hasLast = true
            } else if name == Message.Content.rejects.rawValue {
                hasRejects = true
            } else {
                guard let place = Self.place(name) else {
                    throw ValidationError(
                        "--only takes SEGMENT/INDEX, rejects and manifest, separated by commas, not '\(name)'"
                    )
                }
                places.insert(place)
            }
        }
        for name in Self.parts(records) {
            guard let range = Self.range(name) else {
                throw ValidationError(
                    "--records takes FIRST-LAST, FIRST- and numbers, separated by commas, not '\(name)'"
                )
            }
            self.records.append(range)
        }
    }

    package func contains(_ message: Message) -> Bool {
        guard let held = message.records else { return hasLast }
        if records.contains(where: { $0.overlaps(held) }) { return true }
        // Messages of rejects have numbers of their own.
        if message.content == .rejects { return hasRejects }
        return places.contains(Place(segment: message.segment, index: message.index))
    }

    private static func parts(_ list: String?) -> [Substring] {
        list?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    }

    private static func place(_ name: Substring) -> Place? {
        let numbers = name.split(separator: "/", omittingEmptySubsequences: false)
        guard numbers.count == 2, let segment = UInt64(numbers[0]), let index = Int(numbers[1]) else { return nil }
        return Place(segment: segment, index: index)
    }

    private static func range(_ name: Substring) -> ClosedRange<UInt64>? {
        let ends = name.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ UInt64($0) }), ends.count <= 2 else { return nil }
        guard ends.count == 2 else { return first...first }
        let last = ends[1].isEmpty ? UInt64.max : UInt64(ends[1])
        return last.flatMap { first <= $0 ? first...$0 : nil }
    }
}

/// A sink that passes on the messages of a selection, and counts them.
struct SelectedMessages<Sink: MessageSink>: MessageSink {
    private let selection: MessageSelection
    private(set) var sink: Sink
    private(set) var count = 0

    init(_ selection: MessageSelection, of sink: Sink) {
        self.selection = selection
        self.sink = sink
    }

    mutating func send(_ message: Message) throws(SluiceError) {
        guard selection.contains(message) else { return }
        count += 1
        try sink.send(message)
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) { try sink.reject(error) }

    mutating func finish() throws(SluiceError) { try sink.finish() }
}
