import Sluice

/// Runs one way to read a file, and prints seconds and what was counted: `Library WAY FILE`.
struct NoSink: ByteSink {
    mutating func write(_ bytes: UnsafeRawBufferPointer) {}
    mutating func finish() {}
}

func convert(_ path: String) throws -> Int {
    var sink = NoSink()
    return Int(try CSVConverter().convert(file: path, to: &sink))
}

func spans(_ path: String) throws -> Int {
    let reader = try CSVReader(file: path)
    var sum = 0
    while let record = try reader.next() {
        for column in 0..<record.count { sum &+= record[column].span.count }
    }
    return sum
}

func field(_ path: String) throws -> Int {
    let reader = try CSVReader(file: path)
    var sum = 0
    while let record = try reader.next() { sum &+= record[2].span.count }
    return sum
}

func each(_ path: String) throws -> Int {
    let reader = try CSVReader(file: path)
    var sum = 0
    try reader.forEach { sum &+= $0[2].span.count }
    return sum
}

func strings(_ path: String) throws -> Int {
    let reader = try CSVReader(file: path)
    var sum = 0
    while let record = try reader.next() {
        for column in 0..<record.count { sum &+= String(record[column]).utf8.count }
    }
    return sum
}

struct Flight: Decodable {
    var year, month, weekday, departed, scheduled, delay, arrived, due, late: Int?
    var carrier: String
    var flight: Int?
    var aircraft, origin, destination: String
    var minutes, distance, hour, terminal: Int?
}

func decode(_ path: String) throws -> Int {
    let flights = try CSVDecoder().rows(of: Flight.self, file: path)
    var sum = 0
    while let flight = try flights.next() { sum &+= (flight.year ?? 0) + flight.origin.utf8.count }
    return sum
}

let ways: [(String, (String) throws -> Int)] = [
    ("convert", convert), ("spans", spans), ("field", field), ("each", each), ("strings", strings),
    ("decode", decode),
]
let (way, path) = (CommandLine.arguments[1], CommandLine.arguments[2])
for (name, run) in ways where name == way || way == "all" {
    var count = 0
    let time = try ContinuousClock().measure { count = try run(path) }
    print(name, time / .seconds(1), count)
}
