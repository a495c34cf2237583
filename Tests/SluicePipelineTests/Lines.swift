import SluicePipeline
import Synchronization

/// Collects written lines.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    var output: LineOutput { LineOutput { line in self.lines.withLock { $0.append(line) } } }
}
