/// Comparing received messages with the input that they were made of.
extension CSVConverter {
    /// Makes the messages of a file again, and compares received ones with them, byte for byte. That finds changed values too,
    /// which ``MessageVerifier`` does not.
    ///
    ///     if let difference = try CSVConverter().difference(of: received, fromFile: "orders.csv") { print(difference) }
    ///
    /// - Parameters:
    ///   - received: The messages of one input, the manifest included, in any order; copies may be among them. Their source counts,
    ///     not the file's name.
    ///   - path: The path of a file, or `-` for standard input.
    /// - Returns: In words, what is missing, or else the first difference; nil if there is none.
    /// - Throws: ``SluiceError/misuse(_:)`` if the messages are of several sources, or were made with other options than this
    ///   conversion has; what ``messages(file:source:from:to:)`` throws, so ``SluiceError/badData(_:)`` for an invalid input.
    /// - Complexity: O(*n*) in the sizes of the messages and the input.
    public func difference(
        of received: [ReceivedMessage],
        fromFile path: String
    ) throws(SluiceError) -> String? {
        try difference(of: received) { (converter) throws(SluiceError) in
            try converter.open(path).content(of: converter)
        }
    }

    /// Makes the messages of bytes in memory again, and compares received ones with them in the same way; see
    /// ``difference(of:fromFile:)``.
    public func difference(
        of received: [ReceivedMessage],
        from bytes: some ByteChunk
    ) throws(SluiceError) -> String? {
        try difference(of: received) { (converter) throws(SluiceError) in try converter.content(of: bytes) }
    }

    private func difference(
        of received: [ReceivedMessage],
        _ open: (CSVConverter) throws(SluiceError) -> OpenedInput.Content
    ) throws(SluiceError) -> String? {
        guard let source = received.first?.source, received.allSatisfy({ $0.source == source }) else {
            throw .misuse("the messages to compare must be of one source")
        }
        if let difference = Self.differenceOfCopies(received) { return difference }
        var delivery = Delivery(source: source)
        for (place, message) in received.enumerated() { delivery.add(message, place: place, limit: .max) }
        if let finding = delivery.check().first(where: { !$0.isCopy }) { return finding.text }
        let identity = identity(delivery.wholeSource)
        if let made = delivery.identity, made.configuration != identity.configuration {
            throw .misuse("the messages were made with other options: \(made.configuration)")
        }
        var comparison = MessageComparison(delivery, in: MessageArchive(received), maxBody: .max)
        try messages(open(self), from: Checkpoint(start: identity), to: &comparison)
        return comparison.difference
    }

    /// Compares copies with the first of them: only that one is compared with the input.
    private static func differenceOfCopies(_ received: [ReceivedMessage]) -> String? {
        var first: [String: Int] = [:]
        for (place, message) in received.enumerated() {
            guard let id = message.id else { continue }
            guard let known = first[id] else {
                first[id] = place
                continue
            }
            if received[known].body != message.body {
                return "message \(place + 1) has another body than message \(known + 1) with the same id"
            }
        }
        return nil
    }
}
