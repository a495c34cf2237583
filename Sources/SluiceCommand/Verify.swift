import ArgumentParser
import Sluice
import SluiceCSV
import SluiceCommandKit
import SluiceSystem

/// `sluice verify`: the proof that messages hold all of an input, once.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Prove that messages are complete: no gap, no overlap, no duplicate, as many rows as the manifest says.",
        discussion: """
            Exit status: 0 if they are, 65 if not; what is wrong is told line by line. With --against, every row is also \
            compared with the input's, which is converted with the CSV options given. Where messages are missing or \
            damaged, the last line about an input is the command that sends them again.
            """
    )
    @Argument(help: "Messages as sluice messages writes them: a file, a directory, or - for standard input.")
    var messages: String
    @Option(help: "The input that the messages were made from.") var against: String?
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    func run() throws {
        let sluice = Sluice(
            dialect: try dialect.dialect(),
            encoding: try dialect.inputEncoding(),
            kernel: try KernelChoice.kernel()
        )
        let isComplete: Bool
        do throws(Failure) {
            isComplete = try verify(sluice)
        } catch {
            System.printError(error.text)
            throw ExitCode(error.error.exitStatus)
        }
        if !isComplete { throw ExitCode(ExitStatus.badData) }
    }

    private func verify(_ sluice: Sluice) throws(Failure) -> Bool {
        let archive = try Failure.naming(messages) { () throws(SluiceError) in try MessageArchive(messages) }
        var deliveries = try Failure.naming(messages) { () throws(SluiceError) in try Delivery.all(in: archive) }
        var findings = deliveries.isEmpty ? ["there are no messages"] : []
        for index in deliveries.indices {
            let found = deliveries[index].check()
            findings += (found + deliveries[index].remedy(for: found)).map { "\(deliveries[index].source): \($0)" }
        }
        if let against, findings.isEmpty {
            let difference = try compare(archive, deliveries, with: against, sluice)
            findings += difference.map { ["\(against): \($0)"] } ?? []
        }
        for finding in findings { System.printError(finding) }
        if findings.isEmpty { deliveries.forEach { print(summary(of: $0)) } }
        return findings.isEmpty
    }

    private func compare(
        _ archive: MessageArchive,
        _ deliveries: [Delivery],
        with input: String,
        _ sluice: Sluice
    ) throws(Failure) -> String? {
        var places = deliveries.flatMap(\.parts).map(\.place)[...]
        var comparison = RowComparison { () throws(SluiceError) in
            guard let place = places.popFirst() else { return nil }
            return try archive.message(at: place).lines ?? []
        }
        return try Failure.naming(input) { () throws(SluiceError) in
            try sluice.convert(file: input, to: &comparison)
            try comparison.finish()
            return comparison.difference
        }
    }

    private func summary(of delivery: Delivery) -> String {
        let compared = against == nil ? "" : ", every row as in the input"
        return "\(delivery.source): complete: \(delivery.parts.count) messages, \(delivery.rows) rows, "
            + "bytes 0-\(delivery.bytes)\(compared)"
    }
}
