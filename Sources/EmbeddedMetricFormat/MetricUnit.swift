/// A unit that CloudWatch knows.
public enum MetricUnit: String, Sendable, CaseIterable {
    case seconds = "Seconds"
    case microseconds = "Microseconds"
    case milliseconds = "Milliseconds"
    case bytes = "Bytes"
    case kilobytes = "Kilobytes"
    case megabytes = "Megabytes"
    case gigabytes = "Gigabytes"
    case terabytes = "Terabytes"
    case bits = "Bits"
    case kilobits = "Kilobits"
    case megabits = "Megabits"
    case gigabits = "Gigabits"
    case terabits = "Terabits"
    case percent = "Percent"
    case count = "Count"
    case bytesPerSecond = "Bytes/Second"
    case kilobytesPerSecond = "Kilobytes/Second"
    case megabytesPerSecond = "Megabytes/Second"
    case gigabytesPerSecond = "Gigabytes/Second"
    case terabytesPerSecond = "Terabytes/Second"
    case bitsPerSecond = "Bits/Second"
    case kilobitsPerSecond = "Kilobits/Second"
    case megabitsPerSecond = "Megabits/Second"
    case gigabitsPerSecond = "Gigabits/Second"
    case terabitsPerSecond = "Terabits/Second"
    case countPerSecond = "Count/Second"
    case none = "None"

    /// How many decimals a number of nanoseconds has in this unit; nil if it is not one of time.
    var decimalsOfNanoseconds: Int? {
        switch self {
        case .seconds: 9
        case .milliseconds: 6
        case .microseconds: 3
        default: nil
        }
    }

    static func standard(_ kind: Kind) -> MetricUnit {
        switch kind {
        case .counter, .floatingPointCounter: .count
        case .timer: .milliseconds
        case .gauge, .recorder: .none
        }
    }
}
