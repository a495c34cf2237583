import SluiceCSV
import Synchronization

/// How far a run has come. The run adds to it once per buffer; any thread may read it at any time.
package final class Meter: Sendable {
    private let read = Atomic<UInt64>(0)
    private let recordCount = Atomic<UInt64>(0)
    private let rowCount = Atomic<UInt64>(0)
    private let rejectedCount = Atomic<UInt64>(0)
    private let written = Atomic<UInt64>(0)
    private let accepted = Mutex<[(input: String, repairs: Repairs)]>([])
    /// What the headers suggest.
    package let hints = HeaderHints()

    package init() {}

    /// Bytes of input whose records are converted.
    package var bytesRead: UInt64 { read.load(ordering: .relaxed) }
    /// Records that are converted, headers and blank lines included.
    package var records: UInt64 { recordCount.load(ordering: .relaxed) }
    /// Rows that were written or packed.
    package var rows: UInt64 { rowCount.load(ordering: .relaxed) }
    /// Rows that were left out because they fit no message.
    package var rejected: UInt64 { rejectedCount.load(ordering: .relaxed) }
    /// Bytes of output.
    package var bytesWritten: UInt64 { written.load(ordering: .relaxed) }

    /// What was accepted although RFC 4180 refuses it, for each input that has any.
    package var repairs: [(input: String, repairs: Repairs)] {
        accepted.withLock { $0.filter { !$0.repairs.isEmpty } }
    }

    /// Starts an input: what is added from here on belongs to it.
    package func begin(_ input: String) {
        accepted.withLock { inputs in
            inputs.removeAll { $0.repairs.isEmpty }
            inputs.append((input, Repairs()))
        }
        hints.begin(input)
    }

    package func add(_ repairs: Repairs) {
        accepted.withLock { inputs in
            if inputs.isEmpty { inputs.append(("", Repairs())) }
            inputs[inputs.count - 1].repairs.add(repairs)
        }
    }

    package func addInput(bytes: UInt64, records: UInt64) {
        read.wrappingAdd(bytes, ordering: .relaxed)
        recordCount.wrappingAdd(records, ordering: .relaxed)
    }

    package func addRows(_ count: Int) { rowCount.wrappingAdd(UInt64(count), ordering: .relaxed) }
    package func addRejected(_ count: Int) { rejectedCount.wrappingAdd(UInt64(count), ordering: .relaxed) }
    package func addOutput(bytes: Int) { written.wrappingAdd(UInt64(bytes), ordering: .relaxed) }
}
