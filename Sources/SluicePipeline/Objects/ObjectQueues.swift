import SluiceEngine

/// The queues of an object's messages: one for rows and the last message and, if records are put aside, the error queue for
/// those. Messages get what the object's event stated.
///
/// The last message states what was put aside, so it is sent after all of that.
struct ObjectQueues: MessageQueue {
    let rows: any MessageQueue
    let rejects: (any MessageQueue)?
    let event: ObjectEvent?

    func send(_ message: Message) async throws {
        var message = message
        message.event = event
        if message.content == .rejects, let rejects { return try await rejects.send(message) }
        if message.isLast { try await rejects?.flush() }
        try await rows.send(message)
    }

    func flush() async throws {
        try await rejects?.flush()
        try await rows.flush()
    }
}
