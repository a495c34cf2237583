import SluiceCSV
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `JSON inside JSON` {
    private let alphabets: [[Character]] = [
        ["a"], ["\"", "\\"], ["a", "b", "é", "€", "😀", "\"", "\\"], ["a", "\n", "\t", "\r", "\u{8}", "\u{C}", "\""],
        ["a", "\u{1}", "\u{1F}", "\u{7F}", "\""],
    ]

    @Test func `is escaped identically by every kernel, at any length`() {
        var random = SplitMix64(seed: 1)
        for alphabet in alphabets {
            for count in 0..<200 {
                let text = String((0..<count).map { _ in alphabet.randomElement(using: &random) ?? "a" })
                for kernel in Kernel.available {
                    let line = kernel.escaped(Array(text.utf8), between: "<", and: ">")
                    let inside = JSONWriter.string(text).dropFirst().dropLast()
                    #expect(line == Array("<\(inside)>".utf8), "\(kernel.name): \(text)")
                }
            }
        }
    }
}
