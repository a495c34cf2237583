import SluiceEngine

/// The order in which the versions of a key are converted.
extension Handler {
    /// Asks whether an object may be converted now, because of an event or in a step of the state machine.
    ///
    /// - Returns: why it need not be converted, or nil.
    /// - Throws: `Sluice.Taken` if another version of its key is being converted.
    func enter(
        _ work: inout ObjectWork,
        for event: ObjectEvent?,
        _ context: InvocationContext
    ) async throws -> ObjectResult? {
        guard let lease = try keyLease(of: work, context) else { return nil }
        switch try await lease.enter(event, configuration.sharing) {
        case .granted(let turn):
            work.turn = turn
            return nil
        case .stale: return skip(work.object, as: .stale, "a newer version was uploaded", context)
        case .taken(let other):
            throw FunctionError(.taken, "\(work.object.source) waits until \(other) is converted; try again later")
        }
    }

    /// Ensures that it is still the turn in which an object was planned.
    func stay(in turn: UInt64?, _ work: ObjectWork, _ context: InvocationContext) async throws {
        guard configuration.sharing.isOrdered, let lease = try keyLease(of: work, context) else { return }
        if try await lease.stay(in: turn) { return }
        throw FunctionError(
            .object,
            "another version was converted since \(work.object.source) was planned; start a new execution"
        )
    }

    /// Lets other versions of the object's key be converted.
    func leave(_ work: ObjectWork, _ context: InvocationContext) async throws {
        if configuration.sharing.isOrdered { try await keyLease(of: work, context)?.leave() }
    }

    private func keyLease(of work: ObjectWork, _ context: InvocationContext) throws -> KeyLease? {
        guard configuration.sharing.isOrdered || configuration.sharing.skipsStale else { return nil }
        return KeyLease(work.object, try requiredNotes(), context)
    }
}
