/// What the attributes of an open message take of its limit.
///
/// Names, types, source, content and id are the same for all messages of an input; range, records and index have as
/// many digits as their numbers. For `sluice.range` = `0-1234` those are 1 + 1 + 4 bytes.
struct Envelope {
    private let fixed: Int
    let limit: Int
    /// Where the message's range starts.
    var start: UInt64 = 0
    /// The first row's record.
    var firstRecord: UInt64 = 0
    var segment: UInt64 = 0
    var index = 0

    init(identity: Identity, format: MessageFormat) {
        let sample = Message(
            body: [],
            content: format.content,
            source: identity.source.attribute,
            range: 0..<0,
            records: 0...0,
            segment: 0,
            index: 0,
            id: identity.id(of: 0..<0)
        )
        // Six numbers, each of one digit.
        fixed = sample.size - 6
        limit = format.limit
    }

    /// What is left for the body if the range ends at `end` and the last row is that record.
    func room(end: UInt64, lastRecord: UInt64) -> Int {
        room - Self.digits(end) - Self.digits(lastRecord)
    }

    /// What is left for the body, wherever the range ends.
    var leastRoom: Int { room - 2 * Self.digits(.max) }

    private var room: Int {
        limit - fixed - Self.digits(start) - Self.digits(firstRecord) - Self.digits(segment)
            - Self.digits(UInt64(index))
    }

    private static func digits(_ number: UInt64) -> Int {
        var (digits, rest) = (1, number / 10)
        while rest > 0 {
            rest /= 10
            digits += 1
        }
        return digits
    }
}
