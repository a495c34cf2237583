extension MessageVerifier {
    /// What was received of one input, and what must be sent again:
    ///
    ///     try converter.messages(file: "orders.csv", source: delivery.source) { message in
    ///         if delivery.lacks(message) { try queue.send(message) }
    ///     }
    public struct Delivery: Sendable, Hashable {
        /// Records by their numbers, both ends included.
        public struct Records: Sendable, Hashable {
            /// The first record.
            public let first: UInt64
            /// The last record; nil if it is unknown, because the manifest is missing or the input's last message: then the
            /// records up to the input's end, if there are any.
            public let last: UInt64?

            func overlaps(_ records: ClosedRange<UInt64>) -> Bool {
                first <= records.upperBound && records.lowerBound <= last ?? .max
            }
        }

        /// The input's name, with what pins its bytes; empty for messages that do not state it.
        public let source: String
        /// What is missing or wrong, in words. Empty if everything was received.
        public let findings: [String]
        /// Whether everything was received.
        public var isComplete: Bool { findings.isEmpty }
        /// The number of messages that were copies of others. Queues deliver at least once, so some are to be expected.
        public let copies: Int
        /// Whether the input was found invalid after some messages were sent. No more messages of it exist.
        public let isAborted: Bool
        /// Whether some message is not of this input or configuration, not known which. All must be discarded, and sent again.
        public let isMixed: Bool
        /// Whether the manifest is missing.
        public let lacksManifest: Bool
        /// The number of rows that were received.
        public let rows: UInt64
        /// The number of messages with rows that were received.
        public let messages: Int
        /// The records whose messages must be sent again. Some may have no row: the header, blank lines.
        public let missingRecords: [Records]
        private let lacksRejects: Bool

        init(_ findings: [SluiceEngine.Delivery.Finding], in delivery: SluiceEngine.Delivery) {
            let missing = delivery.missing
            source = delivery.source
            self.findings = findings.filter { !$0.isCopy }.map(\.text)
            copies = findings.count { $0.isCopy }
            isAborted = delivery.isAborted
            isMixed = missing?.isEverything ?? false
            lacksManifest = missing?.manifest ?? false
            rows = delivery.rows
            messages = delivery.parts.count
            missingRecords = (missing?.records ?? []).map { records in
                Records(first: records.lowerBound, last: records.upperBound < .max ? records.upperBound : nil)
            }
            lacksRejects = missing?.rejects ?? false
        }

        /// Returns whether a message of the same input and configuration is one of those that must be sent again.
        public func lacks(_ message: Message) -> Bool {
            if isMixed { return true }
            switch message.content {
            case .manifest, .aborted: return lacksManifest
            case .rejects: return lacksRejects
            case .json, .ndjson, .jsonZstd, .ndjsonZstd:
                guard let records = message.records else { return false }
                return missingRecords.contains { $0.overlaps(records) }
            }
        }
    }
}
