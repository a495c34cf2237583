import Foundation
import PeerProgram
import SwiftCSV

/// SwiftCSV reads a file as a whole. It has no `Decodable`: the struct is made from the array of a row, since dictionaries take
/// longer.
func enumerated(_ path: String) throws -> EnumeratedCSV {
    try EnumeratedCSV(url: URL(fileURLWithPath: path), delimiter: .comma, loadColumns: false)
}

func named(_ path: String) throws -> NamedCSV {
    try NamedCSV(url: URL(fileURLWithPath: path), delimiter: .comma)
}

func strings(_ path: String) throws {
    var sum = 0
    for row in try enumerated(path).rows { for field in row { sum &+= field.utf8.count } }
    print(sum)
}

func column(_ path: String) throws {
    print(try enumerated(path).rows.reduce(0) { $0 &+ $1[2].utf8.count })
}

func decode(_ path: String) throws {
    var sum = 0
    for row in try enumerated(path).rows {
        let flight = Flight(row)
        sum &+= (flight.year ?? 0) + flight.origin.utf8.count
    }
    print(sum)
}

func dictionary(_ path: String) throws {
    let csv = try NamedCSV(url: URL(fileURLWithPath: path), delimiter: .comma, loadColumns: false)
    print(csv.rows.reduce(0) { $0 &+ ($1["weekday"]?.utf8.count ?? 0) })
}

func rows(_ path: String) throws {
    for row in try named(path).rows { show(row) }
}

func first(_ path: String) throws {
    if let row = try named(path).rows.first { show(row) }
}

func forms(_ path: String) throws {
    show(["array": try enumerated(path).rows[0][0]])
    show(["dictionary": try named(path).rows[0]["a"] ?? ""])
    show(["column by name": try named(path).columns?["a"]?[0] ?? ""])
}

await run([
    "strings": strings, "column": column, "decode": decode, "dictionary": dictionary, "rows": rows, "first": first,
    "forms": forms,
    "nothing": { _ in },
])
