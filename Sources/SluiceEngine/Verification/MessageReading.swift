import SluiceCSV
import SluiceJSON

/// What a message states, and what its body holds: all that verification needs of it.
struct MessageReading: Sendable {
    enum Body: Sendable {
        /// The number of its rows, or nil if the body was not read.
        case rows(UInt64?)
        /// A manifest, or an aborted message.
        case report(JSONValue)
        case fault(MessageRows.Fault)
    }

    /// The message without its body.
    let message: ReceivedMessage
    let body: Body

    private init(_ attributes: [String: String], _ body: Body) {
        message = ReceivedMessage(body: [], attributes: attributes)
        self.body = body
    }

    /// Reads a message whose body may have at most `limit` bytes, both packed and unpacked.
    init(_ message: ReceivedMessage, limit: Int) {
        self.init(message.attributes, Self.body(of: message, limit: limit))
    }

    /// Reads a line of an archive. Returns nil if it is no message.
    ///
    /// - Parameters:
    ///   - line: Readable for ``RowCounter/padding`` bytes more.
    ///   - countsRows: Whether to read bodies. If not, those are left out that are neither compressed nor of the last message.
    init?(_ line: ByteView, limit: Int, countsRows: Bool, _ kernel: Kernel) {
        if let whole = MessageLine(line), let content = whole.content {
            if !countsRows, content == .json || content == .ndjson, whole.body.count <= limit {
                self.init(whole.attributes, .rows(nil))
                return
            }
            if let rows = MessageRows.count(inEscaped: whole.body, content, limit: limit, kernel) {
                self.init(whole.attributes, .rows(rows))
                return
            }
        }
        guard let message = ReceivedMessage(json: line.array) else { return nil }
        self.init(message, limit: limit)
    }

    private static func body(of message: ReceivedMessage, limit: Int) -> Body {
        guard let content = message.content else { return .fault(.damaged) }
        switch content {
        case .manifest, .aborted:
            guard message.body.count <= limit else { return .fault(.tooLarge) }
            return JSONValue(parsing: message.body).map { .report($0) } ?? .fault(.damaged)
        case .json, .ndjson, .jsonZstd, .ndjsonZstd, .rejects:
            do throws(MessageRows.Fault) {
                return .rows(try MessageRows.count(in: message.body, content, limit: limit))
            } catch {
                return .fault(error)
            }
        }
    }
}
