import SluiceCSV
import Synchronization

/// How far a run has come. The run adds to it once per buffer or request; any thread may read it at any time.
package final class Meter: Sendable {
    private let read = Atomic<UInt64>(0)
    private let recordCount = Atomic<UInt64>(0)
    private let rowCount = Atomic<UInt64>(0)
    private let rejectedCount = Atomic<UInt64>(0)
    private let written = Atomic<UInt64>(0)
    private let messageCount = Atomic<UInt64>(0)
    private let batchCount = Atomic<UInt64>(0)
    private let retryCount = Atomic<UInt64>(0)
    private let beginnings = Atomic<UInt64>(0)
    private let inputs = Mutex<[Input]>([])

    /// What is reported of an input by its name.
    private struct Input {
        var name = ""
        var repairs = Repairs()
        var rejects = RejectTally()
        /// Where a record was first put aside, by code.
        var firstPlaces: [CSVError.Code: Repairs.Place] = [:]
        /// The records that were first put aside.
        var firstRejects: [RejectPlace] = []
        var delimiter: [UInt8]?
    }

    package init() {}

    /// Bytes of input whose records are converted.
    package var bytesRead: UInt64 { read.load(ordering: .relaxed) }
    /// Records that are converted, headers and blank lines included.
    package var records: UInt64 { recordCount.load(ordering: .relaxed) }
    /// Rows that were written or packed.
    package var rows: UInt64 { rowCount.load(ordering: .relaxed) }
    /// Records that were put aside, and rows that were left out because they fit no message.
    package var rejected: UInt64 { rejectedCount.load(ordering: .relaxed) }
    /// Bytes of output; of messages, as SQS counts them.
    package var bytesWritten: UInt64 { written.load(ordering: .relaxed) }
    /// Messages that a queue has confirmed, and the batches in which they were sent. Only the function counts them.
    package var messages: UInt64 { messageCount.load(ordering: .relaxed) }
    package var batches: UInt64 { batchCount.load(ordering: .relaxed) }
    /// Requests to a service that were sent again.
    package var retries: UInt64 { retryCount.load(ordering: .relaxed) }

    /// What was accepted although RFC 4180 refuses it, for each input that has any.
    package var repairs: [(input: String, repairs: Repairs)] {
        inputs.withLock { $0.filter { !$0.repairs.isEmpty }.map { ($0.name, $0.repairs) } }
    }

    /// What was put aside of each input, and the first place of each kind.
    package var rejectPlaces: [(input: String, rejects: RejectTally, first: [CSVError.Code: Repairs.Place])] {
        inputs.withLock { $0.filter { !$0.rejects.isEmpty }.map { ($0.name, $0.rejects, $0.firstPlaces) } }
    }

    /// What was put aside.
    package var rejects: RejectTally {
        inputs.withLock { inputs in
            var all = RejectTally()
            for input in inputs { all.add(input.rejects) }
            return all
        }
    }

    /// What was first put aside of the input that is being read.
    package var firstRejects: [RejectPlace] { inputs.withLock { $0.last?.firstRejects ?? [] } }

    /// The delimiters that headers hint at, at most one per input.
    package var hints: [(input: String, delimiter: [UInt8])] {
        var names: Set<String> = []
        return inputs.withLock { inputs in
            inputs.compactMap { input in
                input.delimiter.flatMap { names.insert(input.name).inserted ? (input.name, $0) : nil }
            }
        }
    }

    /// The name of the input that is being read.
    package var input: String { inputs.withLock { $0.last?.name ?? "" } }

    /// How many inputs were started.
    package var inputCount: UInt64 { beginnings.load(ordering: .relaxed) }

    /// Starts an input: what is added from here on belongs to it. One that is read twice in turn counts once.
    package func begin(_ input: String) {
        inputs.withLock { inputs in
            if inputs.last?.name != input { beginnings.wrappingAdd(1, ordering: .relaxed) }
            inputs.removeAll { $0.repairs.isEmpty && $0.rejects.isEmpty && $0.delimiter == nil }
            inputs.append(Input(name: input))
        }
    }

    package func add(_ repairs: Repairs) { change { $0.repairs.add(repairs) } }

    /// Notes the header of the input.
    func note(_ header: Header) {
        if let delimiter = header.otherDelimiter { change { $0.delimiter = delimiter } }
    }

    private func change(_ body: (inout Input) -> Void) {
        inputs.withLock { inputs in
            if inputs.isEmpty { inputs.append(Input()) }
            body(&inputs[inputs.count - 1])
        }
    }

    package func addInput(bytes: UInt64, records: UInt64) {
        read.wrappingAdd(bytes, ordering: .relaxed)
        recordCount.wrappingAdd(records, ordering: .relaxed)
    }

    package func addRows(_ count: Int) { rowCount.wrappingAdd(UInt64(count), ordering: .relaxed) }
    package func addRejected(_ count: Int) { rejectedCount.wrappingAdd(UInt64(count), ordering: .relaxed) }
    package func addOutput(bytes: Int) { written.wrappingAdd(UInt64(bytes), ordering: .relaxed) }

    package func add(_ rejects: [Reject]) {
        addRejected(rejects.count)
        change { input in
            for reject in rejects {
                input.rejects.add(reject)
                let code = reject.error.code
                if input.firstPlaces[code] == nil { input.firstPlaces[code] = reject.error.place }
            }
            input.firstRejects += rejects.prefix(RejectPlace.most - input.firstRejects.count).map(RejectPlace.init)
        }
    }

    /// Counts a batch, or a part of one, that was delivered.
    package func addBatch(messages: Int, bytes: Int) {
        batchCount.wrappingAdd(1, ordering: .relaxed)
        messageCount.wrappingAdd(UInt64(messages), ordering: .relaxed)
        addOutput(bytes: bytes)
    }

    package func addRetry() { retryCount.wrappingAdd(1, ordering: .relaxed) }
}

extension CSVError {
    fileprivate var place: Repairs.Place { Repairs.Place(offset: offset, line: line, record: record, field: field) }
}
