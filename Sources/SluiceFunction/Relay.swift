import Sluice

/// How work on an object is handed from one invocation to others.
package struct Handoff: Sendable, Hashable {
    /// The bucket for notes that invocations leave for each other; nil: each invocation is on its own.
    package var bucket: String?
    /// What the names of notes start with.
    package var prefix: String
    /// The state machine that spreads large objects over many invocations; nil: there is none.
    package var stateMachine: String?
    /// Objects with more bytes go to the state machine.
    package var threshold: UInt64
    /// Bytes of an object that an invocation of the state machine takes, a multiple of the segment's.
    package var portionSize: UInt64
}

extension EnvironmentReader {
    mutating func relay() -> Handoff {
        let segment = UInt64(MessageFormat.sqs.segmentSize)
        let relay = Handoff(
            bucket: value("SLUICE_WORK_BUCKET"),
            prefix: value("SLUICE_WORK_PREFIX") ?? "sluice/",
            stateMachine: value("SLUICE_STATE_MACHINE_ARN"),
            threshold: UInt64(number("SLUICE_ROUTE_BYTES", in: 0...Int.max) ?? 1 << 30),
            portionSize: UInt64(number("SLUICE_PORTION_SEGMENTS", in: 1...4096) ?? 16) * segment
        )
        if relay.stateMachine != nil, relay.bucket == nil {
            missing("SLUICE_WORK_BUCKET", "the bucket for notes, without which there can be no state machine")
        }
        return relay
    }
}
