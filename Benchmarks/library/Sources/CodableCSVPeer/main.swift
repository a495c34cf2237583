import CodableCSV
import Foundation
import PeerProgram

/// CodableCSV, row by row, with a header. `Package.swift` does not have this target: `peers --help` says how to build it.
func reader(_ path: String) throws -> CSVReader {
    try CSVReader(input: URL(fileURLWithPath: path)) { $0.headerStrategy = .firstLine }
}

func decoder(_ path: String) throws -> CSVDecoder.Lazy {
    try CSVDecoder {
        $0.headerStrategy = .firstLine
        $0.bufferingStrategy = .sequential
    }.lazy(from: URL(fileURLWithPath: path))
}

func strings(_ path: String) throws {
    let reader = try reader(path)
    var sum = 0
    while let row = try reader.readRow() { for field in row { sum &+= field.utf8.count } }
    print(sum)
}

func column(_ path: String) throws {
    let reader = try reader(path)
    var sum = 0
    while let row = try reader.readRow() { sum &+= row[2].utf8.count }
    print(sum)
}

func decode(_ path: String) throws {
    let decoder = try decoder(path)
    var sum = 0
    while let flight = try decoder.decodeRowIfPresent(Flight.self) {
        sum &+= (flight.year ?? 0) + flight.origin.utf8.count
    }
    print(sum)
}

func rows(_ path: String) throws {
    let reader = try reader(path)
    while let record = try reader.readRecord() {
        show(Dictionary(uniqueKeysWithValues: reader.headers.map { ($0, record[$0] ?? "") }))
    }
}

func typed(_ path: String) throws {
    let decoder = try decoder(path)
    while let pair = try decoder.decodeRowIfPresent(Pair.self) { show(pair.shown) }
}

func first(_ path: String) throws {
    if let record = try reader(path).readRecord() { show(["a": record["a"] ?? ""]) }
}

func forms(_ path: String) throws {
    let whole = try CSVReader.decode(input: URL(fileURLWithPath: path)) { $0.headerStrategy = .firstLine }
    if let record = try reader(path).readRecord() {
        show(["field by position": record[0]])
        show(["field by name": record["a"] ?? ""])
        show(["array": record.row[0]])
    }
    show(["column by name": whole[column: "a"]?[0] ?? ""])
    if let pair = try decoder(path).decodeRowIfPresent(Pair.self) { show(["struct by Decodable": pair.a]) }
}

await run([
    "strings": strings, "column": column, "decode": decode, "rows": rows, "typed": typed, "first": first,
    "forms": forms,
    "nothing": { _ in },
])
