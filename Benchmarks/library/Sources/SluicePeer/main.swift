import PeerProgram
import Sluice

/// What a small file becomes with Sluice. For speed, `peers` runs `Library`, and this program only for `dictionary`.
func dictionary(_ path: String) throws {
    let reader = try CSVReader(file: path)
    var sum = 0
    while let record = try reader.next() { sum &+= record.dictionary["weekday"]?.utf8.count ?? 0 }
    print(sum)
}

func rows(_ path: String) throws {
    let reader = try CSVReader(file: path)
    while let record = try reader.next() { show(record.dictionary) }
}

func typed(_ path: String) throws {
    let pairs = try CSVDecoder().rows(of: Pair.self, file: path)
    while let pair = try pairs.next() { show(pair.shown) }
}

func first(_ path: String) throws {
    if let record = try CSVReader(file: path).next() { show(record.dictionary) }
}

func chunks(_ path: String) async throws {
    for try await record in CSVRecords(FileChunks(path)) { show(record.dictionary) }
}

func forms(_ path: String) throws {
    guard let record = try CSVReader(file: path).next() else { return }
    show(["field by position": String(record[0])])
    show(["field by name": record["a"].map { String($0) } ?? ""])
    show(["dictionary": record.dictionary["a"] ?? ""])
    show(["array": record.strings[0]])
    show(["struct by Decodable": try CSVDecoder().decode([Pair].self, file: path)[0].a])
}

await run([
    "dictionary": dictionary, "rows": rows, "typed": typed, "first": first, "chunks": chunks, "forms": forms,
    "nothing": { _ in },
])
