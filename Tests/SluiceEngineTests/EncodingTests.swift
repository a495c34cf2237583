import Sluice
import SluiceCSV
import SluiceCases
import SluiceTesting
import Testing

@Suite struct `Input in another encoding` {
    @Test(arguments: Cases.all)
    func `converts like the same text in UTF-8, with offsets in the stored bytes`(_ example: Case) throws {
        guard let text = String(validating: example.input, as: UTF8.self) else { return }
        // Inputs recognised by their first bytes have other bytes in each encoding; `RecognitionTests` covers those cases.
        if let code = example.error?.code, [.notCSV, .utf16Input, .utf32Input].contains(code) { return }
        // Such a first character would look like another byte order mark, or like UTF-32's. Errors in given names have no
        // place.
        let first = text.unicodeScalars.first?.value
        if first == 0xFFFE || first == 0 { return }
        if case .names(let names) = example.dialect.header {
            if example.error?.offset == 0 || Set(names).count < names.count { return }
        }
        let (plain, marked) = (Expected(text, example.dialect), Expected("\u{FEFF}" + text, example.dialect))
        for size in Pieces.sizes(for: example.input) {
            #expect(outcome(bytes(text, .little), .utf16LittleEndian, pieces: size, example.dialect) == plain.utf16)
            #expect(outcome(bytes(text, .big), .utf16BigEndian, pieces: size, example.dialect) == plain.utf16)
            // The first mark determines the byte order and is dropped; a second one is data.
            #expect(
                outcome([0xFF, 0xFE] + bytes(text, .little), .utf16, pieces: size, example.dialect) == marked.utf16
            )
            #expect(outcome([0xFE, 0xFF] + bytes(text, .big), .utf16, pieces: size, example.dialect) == marked.utf16)
            if text.unicodeScalars.allSatisfy({ $0.value < 0x80 || 0xA0...0xFF ~= $0.value }) {
                let latin1 = text.unicodeScalars.map { UInt8($0.value) }
                #expect(outcome(latin1, .windows1252, pieces: size, example.dialect) == plain.singleByte)
            }
        }
    }

    @Test func `converts seeded random text like the same text in UTF-8`() {
        for seed: UInt64 in 0..<400 {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            guard let text = String(validating: generator.input(), as: UTF8.self), text.utf8.first != 0 else {
                continue
            }
            if case .names = dialect.header { continue }
            // Without a line end, nothing would indicate the byte order.
            let marked = Expected("\u{FEFF}" + text, dialect).utf16
            for size in [1, 7, Int.max] {
                let little = outcome([0xFF, 0xFE] + bytes(text, .little), .utf16LittleEndian, pieces: size, dialect)
                #expect(little == marked, "seed \(seed)")
                let big = outcome([0xFE, 0xFF] + bytes(text, .big), .utf16, pieces: size, dialect)
                #expect(big == marked, "seed \(seed)")
            }
        }
    }

    @Test func `may hold every Unicode character`() throws {
        let scalars = (0...0x10_FFFF).compactMap(Unicode.Scalar.init)
        let text = String(String.UnicodeScalarView(scalars))
        #expect(try utf8(bytes(text, .little), .utf16LittleEndian) == Array(text.utf8))
        #expect(try utf8(bytes(text, .big), .utf16BigEndian) == Array(text.utf8))
    }

    @Test func `may hold every byte that the standard maps to a character`() throws {
        #expect(Encoding.all.count == 32)
        for encoding in Encoding.all.dropFirst(4) {
            var (undefined, count) = ([UInt8](), 0)
            for byte in UInt8.min...UInt8.max {
                let text = try utf8([byte], encoding)
                if text == [0xFD] { undefined.append(byte) } else { count += 1 }
                if byte < 0x80 { #expect(text == [byte]) }
                let characters = String(validating: text, as: UTF8.self)
                #expect(text == [0xFD] || characters?.unicodeScalars.count == 1, "\(encoding) \(byte)")
                // The text of one stored byte counts as one byte.
                #expect(text.withView { TextForm.singleByte.storedCount($0) } == 1)
            }
            #expect(count + undefined.count == 256)
        }
        let windows = try utf8([0x80, 0x93, 0xE9, 0x94, 0x85, 0x81, 0x8D, 0x8F, 0x90, 0x9D], .windows1252)
        #expect(windows == Array("€“é”…".utf8) + [0xFD, 0xFD, 0xFD, 0xFD, 0xFD])
    }

    @Test func `is known by the standard's labels, in either case`() throws {
        for (label, name) in [
            ("UTF8", "utf-8"), ("unicode-1-1-utf-8", "utf-8"), (" utf-8\n", "utf-8"), ("Latin1", "windows-1252"),
            ("ISO-8859-1", "windows-1252"), ("ascii", "windows-1252"), ("cp1252", "windows-1252"), ("l2", "iso-8859-2"),
            ("utf-16", "utf-16"), ("UTF-16LE", "utf-16le"), ("unicodefffe", "utf-16be"), ("ucs-2", "utf-16le"),
            ("koi", "koi8-r"), ("mac", "macintosh"), ("866", "ibm866"), ("ISO-8859-8-I", "iso-8859-8-i"),
        ] {
            #expect(Encoding(label: label)?.name == name)
        }
        for label in ["", "utf", "utf-32", "latin", "shift_jis"] { #expect(Encoding(label: label) == nil) }
        for label in ["shift_jis", "GBK", "gb18030", "big5", "euc-kr", "euc-jp", "iso-2022-jp", "iso-2022-kr"] {
            #expect(Encoding.refusal(of: label)?.contains("iconv -f ") == true, "\(label)")
        }
        for label in ["hz-gb-2312", "replacement", "x-user-defined"] {
            #expect(Encoding.refusal(of: label)?.contains("iconv") == false, "\(label)")
        }
        #expect(Encoding.refusal(of: "utf-7") == nil)
    }

    @Test(arguments: [1, 2, 3, Int.max])
    func `with invalid UTF-16 yields one byte that is not UTF-8 for each invalid unit`(_ size: Int) throws {
        let (high, low): ([UInt8], [UInt8]) = ([0xD8, 0x3D], [0xDE, 0x00])
        let a: [UInt8] = [0x00, 0x61]
        let expectations: [([UInt8], [UInt8])] = [
            (high + low, Array("😀".utf8)), (low + high, [0xFF, 0xFF]), (high + a, [0xFF, 0x61]),
            (high + high + low, [0xFF] + Array("😀".utf8)), (a + low, [0x61, 0xFF]), (high, [0xFF]),
            (a + [0x00], [0x61, 0xFE]), (high + [0xDE], [0xFF, 0xFE]), ([], []),
        ]
        for (bytes, expected) in expectations {
            #expect(try utf8(bytes, .utf16BigEndian, pieces: size) == expected)
            #expect(try utf8([0xFE, 0xFF] + bytes, .utf16, pieces: size) == expected)
        }
    }

    @Test(arguments: [1, 2, 3, Int.max])
    func `with invalid UTF-16 fails or is repaired, as the dialect says`(_ size: Int) {
        let text = bytes("é,b\n1,2\n", .little)
        let first = Array("{\"é\":\"1\",\"b\":\"2\"}\n".utf8)
        // Other violations in the same record, such as stray quotes or a wrong number of fields, take no precedence.
        for record in ["", ",,", "\"x\"y", "x\"y\n", "\"x", "\r"] {
            let input = text + bytes(record, .little) + [0x00, 0xD8] + bytes(",1\n", .little)
            // A CR that ends no line still ends the record in the lenient dialect.
            let isOneRecord = record != "\r" && record != "x\"y\n"
            let strict = outcome(input, .utf16LittleEndian, pieces: size)
            #expect(strict.output == first)
            guard isOneRecord else { continue }
            let field = record == ",," ? 3 : 1
            let offset = UInt64(text.count + 2 * record.utf16.count)
            let error = CSVError(
                .invalidEncoding,
                offset: offset,
                line: 3,
                record: 3,
                field: field,
                column: field == 1 ? "é" : nil,
                detail: .found(.unpairedSurrogate)
            )
            #expect(strict.error == .badData(error), "\(record)")
        }
        let damaged = text + [0x00, 0xD8] + bytes(",1\n", .little) + [0x33]
        let lenient = outcome(damaged, .utf16LittleEndian, pieces: size, .lenient)
        let rest = "{\"é\":\"\u{FFFD}\",\"b\":\"1\"}\n{\"é\":\"\u{FFFD}\",\"b\":\"\"}\n"
        #expect(lenient.output == first + Array(rest.utf8) && lenient.error == nil)
    }

    @Test func `with bytes that map to no character fails, even in the lenient dialect`() {
        for dialect in [Dialect.rfc4180, .lenient, Dialect(header: .none)] {
            let input: [UInt8] = [0xE9, 0x2C, 0x62, 0x0A, 0x31, 0x2C, 0x81, 0x0A]
            let found = outcome(input, .windows1252, dialect)
            let error = CSVError(
                .invalidEncoding,
                offset: 6,
                line: 2,
                record: 2,
                field: 2,
                column: dialect.header == .none ? nil : "b",
                detail: .found(.noCharacter)
            )
            #expect(found.error == .badData(error))
        }
    }

    @Test func `without a required byte order mark is refused unless it is empty`() {
        for (input, found): ([UInt8], CSVError.Finding?) in [
            ([0x61], nil), ([0x61, 0x00], nil), ([0x00, 0x61, 0x00, 0x0A], .utf16BigEndian),
            ([0x61, 0x00, 0x0D, 0x00], .utf16LittleEndian),
        ] {
            let error = CSVError(
                .noByteOrderMark,
                offset: 0,
                line: 1,
                record: 1,
                detail: found.map { .found($0) } ?? .none
            )
            #expect(outcome(input, .utf16) == Everywhere.Outcome(output: [], rows: 0, error: .badData(error)))
        }
        #expect(outcome([], .utf16) == Everywhere.Outcome(output: [], rows: 0))
    }

    @Test func `has ranges in bytes of UTF-8, and rejected rows at offsets in the stored bytes`() throws {
        let long = String(repeating: "ö", count: 3000)
        let text = "é,b\nä,1\n\(long),2\nä,3\n\(long),4\n"
        let format = MessageFormat(limit: 4096, oversize: .reject)
        for (input, encoding, width): ([UInt8], Encoding, UInt64) in [
            (text.unicodeScalars.map { UInt8($0.value) }, .windows1252, 1), (bytes(text, .big), .utf16BigEndian, 2),
            ([0xFE, 0xFF] + bytes(text, .big), .utf16, 2),
        ] {
            let mark: UInt64 = encoding == .utf16 ? 2 : 0
            for size in [1, 997, Int.max] {
                let converter = CSVConverter(encoding: encoding, messageFormat: format)
                let source = try OpenedInput.decoded(Pieces(input, sizes: [size]), encoding)
                let packed = Packed.pack(.stream(source), converter)
                #expect(packed.rejected.map(\.offset) == [8 * width + mark, 3015 * width + mark])
                #expect(packed.messages.last?.range == 0..<UInt64(text.utf8.count))
            }
        }
    }

    @Test func `that is compressed and cut off fails after the last complete character`() throws {
        let text = bytes("é\n1\n2\n", .little)
        let stored = try Compressing.gzip(text, level: 0)
        // Keeps the header of 15 bytes and the text without its line feed and half a character.
        let cut = Array(stored[..<(15 + text.count - 3)])
        let source = try OpenedInput.decoded(Pieces(cut, sizes: [1]), .utf16LittleEndian)
        let outcome = Everywhere.outcome(of: source, CSVConverter())
        #expect(outcome.output == Array("{\"é\":\"1\"}\n".utf8))
        #expect(outcome.error == .badData(CSVError(.badCompression, offset: 8, line: 3, record: 3)))
    }
}

private enum Order {
    case big
    case little
}

private func bytes(_ text: String, _ order: Order) -> [UInt8] {
    text.utf16.flatMap { unit in
        let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
        return order == .big ? [high, low] : [low, high]
    }
}

/// The outcome of the reference parser, with the error's offset in the stored bytes.
private struct Expected {
    var utf16: Everywhere.Outcome
    var singleByte: Everywhere.Outcome

    init(_ text: String, _ dialect: Dialect) {
        let input = Array(text.utf8)
        let outcome = Everywhere.expected(input, dialect)
        // Offsets are those of whole characters.
        func before(_ offset: UInt64) -> String { String(decoding: input[..<Int(offset)], as: UTF8.self) }
        utf16 = outcome.placed { UInt64(2 * before($0).utf16.count) }
        singleByte = outcome.placed { UInt64(before($0).unicodeScalars.count) }
    }
}

extension Everywhere.Outcome {
    /// Returns the outcome with offsets in the stored bytes.
    fileprivate func placed(_ stored: (UInt64) -> UInt64) -> Everywhere.Outcome {
        var outcome = self
        if case .badData(var fault) = error {
            fault.offset = stored(fault.offset)
            outcome.error = .badData(fault)
        }
        outcome.repairs = Repairs()
        for (code, count) in repairs.kinds {
            var count = count
            count.first.offset = stored(count.first.offset)
            outcome.repairs.add(count, of: code)
        }
        return outcome
    }
}

private func outcome(
    _ bytes: [UInt8],
    _ encoding: Encoding,
    pieces size: Int = .max,
    _ dialect: Dialect = .rfc4180
) -> Everywhere.Outcome {
    do throws(SluiceError) {
        let source = try OpenedInput.decoded(Pieces(bytes, sizes: [size]), encoding, assumesCSV: dialect.assumesCSV)
        return Everywhere.outcome(of: source, CSVConverter(dialect: dialect))
    } catch {
        return Everywhere.Outcome(output: [], rows: 0, error: error)
    }
}

/// Reads all bytes, with memory for few bytes at a time.
private func utf8(_ bytes: [UInt8], _ encoding: Encoding, pieces size: Int = .max) throws -> [UInt8] {
    var source = try OpenedInput.decoded(Pieces(bytes, sizes: [size]), encoding)
    var all: [UInt8] = []
    var memory = [UInt8](repeating: 0, count: size == .max ? 1 << 16 : size)
    while case let count = try source.read(into: &memory), count > 0 { all += memory[..<count] }
    return all
}
