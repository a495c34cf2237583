import SluiceEngine

/// How invocations share the work on an object.
package struct WorkSharing: Sendable, Hashable {
    /// The bucket for the notes that invocations share; nil if each works on its own.
    package var bucket: String?
    /// The prefix of the notes' names.
    package var prefix: String
    /// The ARN of the state machine that distributes large objects over many invocations, if there is one.
    package var stateMachine: String?
    /// Objects larger than this many bytes go to the state machine.
    package var threshold: UInt64
    /// The size in bytes of a portion, which one invocation of the state machine converts; a multiple of the segment size.
    package var portionSize: UInt64
    /// Whether the versions of a key are converted one after the other.
    package var isOrdered: Bool
    /// Whether a version is skipped if a newer one of its key was seen before.
    package var skipsStale: Bool
}

extension EnvironmentReader {
    mutating func sharing() -> WorkSharing {
        let segment = UInt64(MessageFormat.sqs.segmentSize)
        let sharing = WorkSharing(
            bucket: value("SLUICE_WORK_BUCKET"),
            prefix: value("SLUICE_WORK_PREFIX") ?? "sluice/",
            stateMachine: value("SLUICE_STATE_MACHINE_ARN"),
            threshold: UInt64(number("SLUICE_ROUTE_BYTES", in: 0...Int.max) ?? Int(Portions.usualThreshold)),
            portionSize: UInt64(number("SLUICE_PORTION_SEGMENTS", in: 1...4096) ?? Portions.usualSegments) * segment,
            isOrdered: flag("SLUICE_ORDERED"),
            skipsStale: flag("SLUICE_SKIP_STALE")
        )
        if sharing.stateMachine != nil, sharing.bucket == nil {
            missing("SLUICE_WORK_BUCKET", "the bucket for notes, without which there can be no state machine")
        }
        if sharing.isOrdered || sharing.skipsStale, sharing.bucket == nil {
            missing("SLUICE_WORK_BUCKET", "the bucket for notes, without which versions of a key cannot be told apart")
        }
        return sharing
    }
}
