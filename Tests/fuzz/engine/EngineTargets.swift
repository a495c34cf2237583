import SluiceCSV
import SluiceEngine
import SluiceTesting

/// Longer inputs reveal no more, and are slow: each is run about twenty times.
private let longest = 400

/// Requires the rows and the error of the reference parser from every kernel and every way to run the engine.
///
/// Input: the dialect's seed, the size of a stream's pieces, and the CSV.
@Sendable func fuzzEngine(_ input: [UInt8]) {
    var csv = input
    let dialect = CSVGenerator.dialect(seed: UInt64(csv.decision()))
    let size = Int(csv.decision() % 70) + 1
    csv = Array(csv.prefix(longest))
    do {
        let differences = try Everywhere.differences(csv, dialect, pieces: [[.max], [size]])
        require(differences.isEmpty, "differs from the reference parser: \(differences)")
    } catch {
        fatalError("a temporary file cannot be created")
    }
}

/// Requires the same messages from every kernel and every way to run the engine. Each must fit, and `verify` must find them
/// complete, with the rows of the reference parser.
///
/// Input: the dialect's seed, the format's seed, and the CSV.
@Sendable func fuzzMessages(_ input: [UInt8]) {
    var csv = input
    let dialect = CSVGenerator.dialect(seed: UInt64(csv.decision()))
    let format = messageFormat(csv.decision())
    csv = Array(csv.prefix(longest))
    guard let outcomes = try? Packed.everywhere(csv, dialect, format), let first = outcomes.first else {
        fatalError("a temporary file cannot be created")
    }
    for (name, outcome) in outcomes {
        require(outcome == first.outcome, "\(name) differs from \(first.name)")
    }
    let messages = first.outcome.messages
    for message in messages where format.oversize != .offload {
        require(message.size <= format.limit || message.lines == nil, "a message is too large")
    }
    require(Set(messages.map(\.id)).count == messages.count, "two messages have the same id")
    if first.outcome.error == nil, format.oversize != .reject { verify(messages, csv, dialect) }
}

private func messageFormat(_ seed: UInt8) -> MessageFormat {
    let oversize: [MessageFormat.Oversize] = [.error, .offload, .reject, .error]
    let format = MessageFormat(
        limit: MessageFormat.attributeReserve + (seed & 16 == 0 ? 500 : 1200),
        text: seed & 1 == 0 ? .json : .ndjson,
        compression: seed & 2 == 0 ? nil : 1,
        oversize: oversize[Int(seed >> 2 & 3)]
    )
    return format.cutting(segmentSize: 64 << Int(seed >> 5 & 3))
}

/// Writes messages as lines, reads these back, and requires the verification to succeed.
private func verify(_ messages: [Message], _ csv: [UInt8], _ dialect: Dialect) {
    var sink = MessageLineSink(Collected())
    for message in messages {
        guard (try? sink.send(message)) != nil else { fatalError("a message cannot be written") }
    }
    var (delivery, rows): (Delivery?, [UInt8]) = (nil, [])
    for (place, line) in sink.sink.bytes.split(separator: 0x0A).enumerated() {
        guard let message = ReceivedMessage(json: Array(line)) else {
            fatalError("message \(place + 1) cannot be read back")
        }
        if delivery == nil { delivery = Delivery(source: message.source ?? "") }
        delivery?.add(message, place: place, limit: .max)
        if message.content != .manifest { rows += (try? message.lines(limit: .max)) ?? [] }
    }
    let findings = delivery?.check().map(\.text) ?? ["there are no messages"]
    require(findings.isEmpty, "verify: \(findings)")
    require(rows == Everywhere.expected(csv, dialect).output, "the rows are not those of the reference parser")
}
