import ArgumentParser
import Sluice
import SluiceSystem

/// What messages are compared with.
struct ProofOptions: ParsableArguments {
    @Option(help: "The input that the messages were made from.") var against: String?
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    func proof() throws -> Proof {
        var sluice = Sluice(
            dialect: try dialect.dialect(),
            encoding: try dialect.inputEncoding(),
            kernel: try KernelChoice.kernel()
        )
        sluice.remoteInputs = RemoteInputs.current
        return Proof(sluice: sluice, against: against)
    }
}

/// The proof that messages hold all of an input, once.
package struct Proof {
    fileprivate let sluice: Sluice
    fileprivate let against: String?

    /// Tells on standard output what is complete, or on standard error what is wrong, of messages from that place.
    package func holds(for archive: MessageArchive, from place: String) throws(Failure) -> Bool {
        var deliveries = try Failure.naming(place) { () throws(SluiceError) in try Delivery.all(in: archive) }
        var findings = deliveries.isEmpty ? ["there are no messages"] : []
        for index in deliveries.indices {
            let found = deliveries[index].check()
            let lines = found.listed + deliveries[index].remedy(for: found)
            findings += lines.map { "\(deliveries[index].source): \($0)" }
        }
        if let against, findings.isEmpty {
            let difference = try compare(archive, deliveries, with: against)
            findings += difference.map { ["\(against): \($0)"] } ?? []
        }
        for finding in findings { System.printError(finding) }
        if findings.isEmpty { for delivery in deliveries { try StandardOutput.write(summary(of: delivery)) } }
        return findings.isEmpty
    }

    private func compare(
        _ archive: MessageArchive,
        _ deliveries: [Delivery],
        with input: String
    ) throws(Failure) -> String? {
        var places = deliveries.flatMap(\.parts).map(\.place)[...]
        var comparison = RowComparison { () throws(SluiceError) in
            guard let place = places.popFirst() else { return nil }
            return try archive.message(at: place).lines ?? []
        }
        return try Failure.naming(input) { () throws(SluiceError) in
            try sluice.convert(file: input, to: &comparison)
            return comparison.difference
        }
    }

    private func summary(of delivery: Delivery) -> String {
        let compared = against == nil ? "" : ", every row as in the input"
        let counts = "\(Measure.count(delivery.parts.count, "message")), \(Measure.count(delivery.rows, "row"))"
        return "\(TerminalText.name(delivery.source)): complete: \(counts), "
            + "bytes 0-\(delivery.bytes)\(compared)"
    }
}
