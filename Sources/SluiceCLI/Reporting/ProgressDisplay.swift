import SluiceEngine
import SluicePlatform

/// Shows the progress of a run: one line on a terminal, rewritten five times a second, or a line every 10 s.
///
/// It reads the run's meter from a thread of its own, so the run need not know of it. If the system gives no thread,
/// nothing is shown.
final class ProgressDisplay: @unchecked Sendable {
    // Sendable because `isOver` is accessed, and output written, only with the mutex held. All else is constant once
    // made.
    private let mutex = SystemMutex()
    private var isOver = false
    private var thread: SystemThread?
    private let line: ProgressLine
    private let isOnTerminal: Bool

    /// Starts the display. Returns nil if the mode shows nothing here.
    init?(_ mode: ReportOptions.Progress, meter: Meter, inputs: [String]) {
        isOnTerminal = mode == .auto
        if mode == .none || isOnTerminal && !System.isTerminal(2) { return nil }
        line = ProgressLine(meter, total: Self.totalSize(of: inputs))
        thread = SystemThread.start { self.showRegularly() }
    }

    private func showRegularly() {
        mutex.lock()
        defer { mutex.unlock() }
        while true {
            mutex.wait(milliseconds: isOnTerminal ? 200 : 10_000)
            if isOver { return }
            if isOnTerminal {
                System.writeError("\r\(line.text(columns: System.columns(of: 2) ?? 80))\(Self.eraseRest)")
            } else {
                System.printError("sluice: \(line.text(columns: .max))")
            }
        }
    }

    /// Removes the line from the terminal, and ends the display.
    func end() {
        say(nil, isLast: true)
        thread?.join()
    }

    /// Removes the line from the terminal, and prints another one that stays.
    func say(_ line: String?, isLast: Bool = false) {
        mutex.lock()
        defer { mutex.unlock() }
        if isOnTerminal { System.writeError("\r\(Self.eraseRest)") }
        if let line { System.printError(line) }
        guard isLast else { return }
        isOver = true
        mutex.signalAll()
    }

    /// ECMA-48: erase from the cursor to the end of the line.
    private static var eraseRest: String { "\u{1B}[K" }

    /// Returns the total size of all inputs, or nil unless each is a file from which that many bytes are read.
    private static func totalSize(of inputs: [String]) -> UInt64? {
        var total: UInt64 = 0
        for input in inputs {
            // A compressed file yields more bytes than its size.
            let isCompressed = input.hasSuffix(".gz") || input.hasSuffix(".zst")
            guard input != "-", !isCompressed, let size = System.fileSize(at: input) else { return nil }
            total += size
        }
        return total
    }
}

/// A line of progress: `1.2 GB of 5.0 GB (24 %), 812.3 MB/s, 5 s left`; without a total size `1.2 GB, 812.3 MB/s`, or
/// `1.2 GB of 12 inputs, 812.3 MB/s`.
private struct ProgressLine: Sendable {
    private let meter: Meter
    private let total: UInt64?
    private let start = ContinuousClock.now

    init(_ meter: Meter, total: UInt64?) {
        self.meter = meter
        self.total = total
    }

    /// Returns the longest text that fits the terminal. A line that wraps could not be overwritten.
    func text(columns: Int) -> String { texts.first { $0.utf8.count < columns } ?? "" }

    /// The line and its shorter forms, longest first.
    private var texts: [String] {
        let read = meter.bytesRead
        let rate = Measure.megabytesPerSecond(read, in: ContinuousClock.now - start)
        let speed = "\(Measure.fixed(rate, digits: 1)) MB/s"
        guard let total, total >= read, total > 0 else {
            let inputs = meter.inputCount > 1 ? " of \(meter.inputCount) inputs" : ""
            return ["\(Measure.bytes(read))\(inputs), \(speed)", Measure.bytes(read)]
        }
        let percent = 100 * Double(read) / Double(total)
        let share = "\(Measure.fixed(percent, digits: 0)) %"
        let part = "\(Measure.bytes(read)) of \(Measure.bytes(total)) (\(share))"
        // Less than 1 % is too little to estimate a rate.
        let left = percent < 1 ? "" : ", \(Measure.time(Double(total - read) / rate / 1_000_000)) left"
        return ["\(part), \(speed)\(left)", "\(part)\(left)", part, share]
    }
}
