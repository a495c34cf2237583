import Logging
import ServiceLifecycle
import Sluice
import SluiceAWS
import SluiceConsumer

/// Stands for your database. A message with an id that it has is a copy.
actor Store {
    private var ids: Set<String> = []

    func add(_ message: ReceivedMessage) throws {
        guard let id = message.id, !ids.contains(id) else { return }
        switch message.content {
        case .manifest, .aborted, .rejects, nil: break
        default: print(String(decoding: try message.rows(), as: UTF8.self), terminator: "")
        }
        ids.insert(id)
    }
}

let logger = Logger(label: "orders")
let queue = try SQSQueue(url: CommandLine.arguments[1], client: AWSClient(logger: logger))
let store = Store()
let consumer = SQSConsumer(queue, logger: logger) { message in try await store.add(message) }
let group = ServiceGroup(services: [consumer], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
try await group.run()
