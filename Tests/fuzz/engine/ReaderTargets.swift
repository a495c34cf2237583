import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePipeline

/// Reads lines as received messages, as `sluice messages` writes them. Each is accepted or refused.
@Sendable func fuzzReceived(_ input: [UInt8]) {
    var delivery = Delivery(source: "")
    for (place, line) in input.split(separator: 0x0A).enumerated() {
        guard let message = ReceivedMessage(json: Array(line)) else { continue }
        delivery.add(message, place: place, limit: 1 << 20)
        let lines = (try? message.lines(limit: 1 << 20)) ?? []
        require(lines.last ?? 0x0A == 0x0A, "a row without a line end")
    }
    _ = delivery.check()
}

/// Requires that a value parsed from JSON survives being written and parsed again, and that its numbers match RFC 8259.
@Sendable func fuzzJSON(_ input: [UInt8]) {
    // Strings with ill-formed UTF-8 are kept as they are and could not be written again.
    guard let value = JSONValue(parsing: input), String(validating: input, as: UTF8.self) != nil else { return }
    require(JSONValue(parsing: text(value).utf8) == value, "the value changes when it is written and read again")
}

private func text(_ value: JSONValue) -> String {
    switch value {
    case .object(let members): JSONWriter.object(members.map { ($0.key, text($0.value)) })
    case .array(let elements): "[\(elements.map(text).joined(separator: ","))]"
    case .string(let bytes): JSONWriter.string(String(decoding: bytes, as: UTF8.self))
    case .number(let digits): checked(digits)
    case .bool(let isTrue): "\(isTrue)"
    case .null: "null"
    }
}

/// Returns the number. It must be `-`, digits, `.` and digits, `e` and digits, in this order; only the first digits are
/// required.
private func checked(_ number: String) -> String {
    var rest = number.utf8[...]
    func takeDigits() -> Int {
        let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        rest = rest.dropFirst(digits.count)
        return digits.count
    }
    func take(_ characters: String) -> Bool {
        guard let first = rest.first, characters.utf8.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }
    _ = take("-")
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = takeDigits()
    require(whole == 1 || whole > 1 && !startsWithZero, "not a number: \(number)")
    if take(".") { require(takeDigits() > 0, "not a number: \(number)") }
    if take("eE") {
        _ = take("+-")
        require(takeDigits() > 0, "not a number: \(number)")
    }
    require(rest.isEmpty, "not a number: \(number)")
    return number
}

/// Requires that the counts of every accepted checkpoint can be used without overflow.
@Sendable func fuzzCheckpoint(_ input: [UInt8]) {
    guard let checkpoint = Checkpoint(json: input) else { return }
    _ = CSVConverter().manifest(at: checkpoint)
}

/// Requires the same bytes and the same end from a compressed input in pieces of any size.
///
/// Input: the size of the pieces; a choice of the magic bytes of gzip, of zstd, or none; and the rest.
@Sendable func fuzzCompressed(_ input: [UInt8]) {
    var bytes = input
    let size = Int(bytes.decision()) + 1
    let starts: [[UInt8]] = [[], [0x1F, 0x8B, 0x08], [0x28, 0xB5, 0x2F, 0xFD], []]
    bytes = starts[Int(bytes.decision() & 3)] + bytes
    require(decompressed(bytes, [size]) == decompressed(bytes, [.max]), "different bytes in pieces of \(size)")
}

private struct Decompressed: Equatable {
    var bytes: [UInt8] = []
    var isDamaged = false
    var error: SluiceError?
}

private func decompressed(_ bytes: [UInt8], _ sizes: [Int]) -> Decompressed {
    var result = Decompressed()
    do throws(SluiceError) {
        var source = try OpenedInput.decoded(Pieces(bytes, sizes: sizes), .utf8)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 12, alignment: 16)
        defer { memory.deallocate() }
        // Enough to show progress: a few bytes can hold gigabytes of zeros.
        while result.bytes.count < 1 << 20 {
            let count = try source.read(into: memory)
            if count == 0 { break }
            result.bytes += memory[..<count]
        }
        result.isDamaged = source.isDamaged
    } catch {
        result.error = error
    }
    return result
}

/// Requires that every payload names objects, or that its ignored parts are reported, or that it is JSON without either.
@Sendable func fuzzEvents(_ input: [UInt8]) {
    let event = Event(input)
    require(!event.objects.isEmpty || !event.ignored.isEmpty || JSONValue(parsing: input) != nil, "the event is lost")
    require(Set(event.objects).count == event.objects.count, "an object occurs twice")
}

/// Requires that the canonical text of every accepted schema is a schema with the same text.
@Sendable func fuzzSchema(_ input: [UInt8]) {
    guard let table = try? Schema(json: input, skipping: Set(Schema.Constraint.allCases)).table else { return }
    let again = try? Schema(json: Array(table.text.utf8)).table
    require(again?.text == table.text, "the schema changes when its text is read again: \(table.text)")
}

/// Reads arbitrary bytes as profile files.
@Sendable func fuzzProfiles(_ input: [UInt8]) {
    guard let file = try? TemporaryFile(input) else { fatalError("a temporary file cannot be created") }
    for name in ["default", "work"] {
        let environment = AWSEnvironment([
            "AWS_PROFILE": name, "AWS_CONFIG_FILE": file.path, "AWS_SHARED_CREDENTIALS_FILE": file.path,
        ])
        let files = SharedFiles(environment)
        require(files.profile == nil || files.profile?.name == name, "another profile")
    }
}

/// Searches arbitrary text as an XML answer.
@Sendable func fuzzXML(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    for name in ["Code", "Message"] {
        let found = XMLElement.first(name, in: text)
        require(found == nil || text.utf8.count >= 2 * name.utf8.count + 5, "an element without marks")
    }
}
