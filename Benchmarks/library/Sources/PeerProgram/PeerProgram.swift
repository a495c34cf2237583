#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// What the programs that `peers` compares have in common: `PROGRAM WAY FILE` reads a file in one way.
///
///     borrowed, strings, column    all fields without a copy, as strings, or one field of each record
///     dictionary, decode           a dictionary or a `Flight` of each record
///     nothing                      only the program's start, whose time is subtracted
///     rows, typed, chunks          every row by names, as `Pair`, or from async chunks: what a small file becomes
///     first                        the first row: whether it comes before the end of a pipe
///     forms                        one value by each form of access
///
/// Rows go to standard output, in the form that `show` writes, and then, where reading fails, `error: ` and the error's text.
/// A program leaves out a way that its library does not have.
package typealias Way = (String) async throws -> Void

/// A record of the input `narrow`.
package struct Flight: Decodable {
    package var year, month, weekday, departed, scheduled, delay, arrived, due, late: Int?
    package var carrier: String
    package var flight: Int?
    package var aircraft, origin, destination: String
    package var minutes, distance, hour, terminal: Int?

    /// Takes the values in the order of the columns, for libraries without `Decodable`.
    package init(_ row: [String]) {
        (year, month, weekday, departed) = (Int(row[0]), Int(row[1]), Int(row[2]), Int(row[3]))
        (scheduled, delay, arrived, due, late) = (Int(row[4]), Int(row[5]), Int(row[6]), Int(row[7]), Int(row[8]))
        (carrier, flight, aircraft, origin, destination) = (row[9], Int(row[10]), row[11], row[12], row[13])
        (minutes, distance, hour, terminal) = (Int(row[14]), Int(row[15]), Int(row[16]), Int(row[17]))
    }
}

package struct Pair: Decodable {
    package var a: String
    package var b: Int?

    package var shown: [String: String] { ["a": a, "b": b.map(String.init) ?? "none"] }
}

/// Writes names and values of a row. Control characters separate them, which no case contains.
package func show(_ row: [String: String]) {
    print(row.map { "\($0)=\($1)" }.joined(separator: "\u{1F}"), terminator: "\u{1E}")
    fflush(nil)
}

/// Runs the way that the command line names.
package func run(_ ways: [String: Way]) async {
    do {
        guard let way = ways[CommandLine.arguments[1]] else { return print("error: no such way") }
        try await way(CommandLine.arguments[2])
    } catch {
        print("error: \(error)")
    }
}
