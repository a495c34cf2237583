import SluiceEngine

/// The queues of an object's messages: one for rows and the last message, and the error queue for records that were put aside.
///
/// The last message states what was put aside, so it is sent after all of that.
struct ObjectQueues: MessageQueue {
    let rows: any MessageQueue
    let rejects: any MessageQueue

    func send(_ message: Message) async throws {
        if message.content == .rejects { return try await rejects.send(message) }
        if message.isLast { try await rejects.flush() }
        try await rows.send(message)
    }

    func flush() async throws {
        try await rejects.flush()
        try await rows.flush()
    }
}
